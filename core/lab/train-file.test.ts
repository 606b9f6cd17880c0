import { expect, test } from 'vitest'
import { architectureOf, trainFileSchema } from './train-file'

const recipe = { learning_rate: 0.01 }
const moe = { kind: 'moe', width: 16, experts: 4 }
const read = (architecture: unknown) => architectureOf(trainFileSchema.parse({ architecture, recipe }).architecture)
const routersOf = (architecture: unknown) =>
  read(architecture).layers.map(({ feedForward }) => feedForward.kind === 'moe' && feedForward.router)

test('a spec without a router, and one with the defaults of one, is normalised top-k', () => {
  const expected = [
    { kind: 'top-k', normalise_gates: true },
    { kind: 'top-k', normalise_gates: true }
  ]
  expect(routersOf(moe)).toEqual(expected)
  expect(routersOf({ ...moe, router: { kind: 'top-k' } })).toEqual(expected)
})

test('normalise_gates beside the router, as specs had it, is the setting of top-k', () => {
  const old = read({ ...moe, top_k: 1, normalise_gates: false })
  expect(old).toEqual(read({ ...moe, top_k: 1, router: { kind: 'top-k', normalise_gates: false } }))
  expect(() => read({ ...moe, normalise_gates: true, router: { kind: 'top-k' } })).toThrow(
    'architecture: normalise_gates: expected it within router, which is given too'
  )
})

test.each([
  ['an unknown router', { kind: 'top-9' }, /expected one of top-k/],
  ['an unknown setting', { kind: 'top-k', gates: true }, /Unrecognized key.*gates/],
  ['a wrong setting', { kind: 'top-k', normalise_gates: 1 }, /expected boolean/]
])('%s is refused', (_, router, message) => {
  expect(() => read({ ...moe, router })).toThrow(message)
})
