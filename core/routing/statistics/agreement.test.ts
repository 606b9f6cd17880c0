import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryTrace, noExpert } from '../trace'
import { compareTraces } from './agreement'
import { expectNumbers, mean, shareOf } from './expected.fixture'
import { randomTrace } from './random-trace.fixture'
import { measurements, sentTo, take } from './trace.arbitrary'

test('agreement is as counted one by one', async () => {
  await fc.assert(
    fc.asyncProperty(measurements(), fc.infiniteStream(fc.nat()), async ({ plain, filter, stretchBytes }, stream) => {
      // The other trace: choices of the first in another order, some of them changed or dropped.
      const { experts, topK } = plain.trace
      const others = plain.tokens.map(({ layers }) =>
        layers.map(({ choices }) => {
          const [drop, change, turn] = [stream.next().value, stream.next().value, stream.next().value]
          const unused = Array.from({ length: experts }, (_, e) => e).find((e) => !choices.includes(e))
          const changed = choices.map((each, i) => (i === change % (2 * topK) ? unused : each))
          const turned = [...changed.slice(turn % topK), ...changed.slice(0, turn % topK)]
          return turned.map((each, i) => (i === drop % (4 * topK) ? undefined : each))
        })
      )
      const expertIds = Uint16Array.from(others.flat(2), (each) => each ?? noExpert)
      const other = memoryTrace({ ...plain.columns, expertIds })
      const found = await compareTraces(plain.trace, other, { filter, stretchBytes })
      const { tokens, layers } = take(plain, filter)
      expect(found).toMatchObject({ tokens: tokens.length, layers, notes: [] })
      const expected = layers.map((layer) => {
        const rows = tokens.map((token) => {
          const b = others[token.place]?.[layer] ?? []
          return {
            firsts: [token.layers[layer]?.choices[0], b[0]],
            a: sentTo(token, layer),
            b: b.filter((e) => e !== undefined)
          }
        })
        const routed = rows.filter(({ a, b }) => a.length > 0 && b.length > 0)
        const both = routed.map(({ a, b }) => a.filter((e) => b.includes(e)).length)
        return {
          sameFirst: shareOf(
            rows.filter(({ firsts }) => !firsts.includes(undefined)),
            ({ firsts: [a, b] }) => a === b
          ),
          overlap: mean(both.map((count) => count / topK)),
          sameSet: shareOf(routed, ({ a, b }) => new Set([...a, ...b]).size === a.length && a.length === b.length)
        }
      })
      for (const name of ['sameFirst', 'overlap', 'sameSet'] as const) {
        expectNumbers(
          found[name],
          expected.map((each) => each[name])
        )
      }
    })
  )
})

test('random routers agree as their baselines say, and a trace agrees with itself', async () => {
  const shape = { tokens: 20_000, experts: 8, topK: 2 }
  const trace = randomTrace(shape)
  const { tokenIds } = trace
  const found = await compareTraces(trace, randomTrace({ ...shape, seed: 2 }, { tokenIds }))
  expect(found.baselines).toEqual({ sameFirst: 1 / 8, overlap: 1 / 4, sameSet: 1 / 28 })
  for (const name of ['sameFirst', 'overlap', 'sameSet'] as const) {
    const expected = found.baselines[name]
    const error = Math.sqrt((expected * (1 - expected)) / shape.tokens)
    expect(Math.abs((found[name][0] ?? 0) - expected)).toBeLessThan(5 * error)
  }
  const self = await compareTraces(trace, trace)
  expect([self.sameFirst[0], self.overlap[0], self.sameSet[0]]).toEqual([1, 1, 1])
})

test('traces of different texts or shapes are refused, and the place is named', async () => {
  const shape = { tokens: 4, experts: 4, topK: 2 }
  const tokenIds = Int32Array.of(1, 2, 3, 4)
  const trace = randomTrace(shape, { tokenIds, tokens: ['a', 'b', 'c', 'd'] })
  const expectRefused = (other: typeof trace, message: string) =>
    expect(compareTraces(trace, other)).rejects.toThrow(message)
  await expectRefused(
    randomTrace(shape, { tokenIds: Int32Array.of(1, 2, 9, 4), tokens: ['a', 'b', 'x', 'd'] }),
    'they part at token 2 (from 0), which is "c" (id 3) and "x" (id 9)'
  )
  await expectRefused(
    randomTrace(shape, { tokenIds: undefined, tokens: ['a', 'b', 'c', 'y'] }),
    'they part at token 3 (from 0), which is "d" (id 4) and "y"'
  )
  await expectRefused(
    randomTrace({ ...shape, tokens: 3 }, { tokenIds: tokenIds.slice(0, 3) }),
    'one has 4 tokens, the other 3'
  )
  await expectRefused(randomTrace({ ...shape, experts: 5 }), 'one has 4 experts, the other 5')
  await expectRefused(randomTrace({ ...shape, topK: 1 }), 'one has 2 experts for each token, the other 1')
  await expectRefused(randomTrace({ ...shape, layers: 2 }), 'one has 1 MoE layers, the other 2')
  const numbered = await compareTraces(trace, randomTrace(shape, { tokenIds, layers: [7] }))
  expect(numbered.notes).toEqual([
    'The MoE layers are compared in order, though one trace numbers them 0, the other 7.'
  ])
  const untold = await compareTraces(trace, randomTrace(shape, { tokenIds: undefined }))
  expect(untold.notes).toEqual(['The traces do not both tell their tokens: that they are of the same text is assumed.'])
})
