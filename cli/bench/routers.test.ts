import { routerContenders } from '@core/bench/routers'
import { tokenizer } from '@core/corpus'
import { routers } from '@core/routers'
import { expect, test } from 'vitest'
import { runCommand } from '../command.fixture'

test('routers are trained on the same model and measured', async () => {
  const sizes = ['--characters', '6144', '--validation-characters', '4096', '--seeds', '1', '--threads', '1']
  const kinds = ['expert-choice', 'hash'].flatMap((kind) => ['--router', kind])
  const { status, output, errors } = await runCommand(['bench', 'routers', ...sizes, ...kinds, '--json'])
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  const bench = JSON.parse(output)
  expect(bench).toMatchObject({ seeds: 1, width: 32, layers: 2, experts: 16, top_k: 2, steps: 3, batch: 2048 })
  const [choice, hash, ...others] = bench.routers
  expect(others).toEqual([])
  for (const { loss } of [choice, hash]) {
    expect(loss).toBeGreaterThan(bench.floor)
    // Three steps teach little: a uniform guess has the logarithm of the number of characters.
    expect(Math.abs(loss - Math.log(tokenizer.size))).toBeLessThan(0.3)
  }
  // In training every expert takes its tokens exactly; a token that reads the past alone takes its own best experts.
  expect(choice).toMatchObject({ causal: false, balance: { training: 0 }, experts_per_token: 2, cost: { ratio: 1 } })
  expect(choice.loss_as_trained).not.toBe(choice.loss)
  expect(hash).toMatchObject({ causal: true, experts_per_token: 2, dropped: 0 })
  expect(hash.loss).toBe(hash.loss_as_trained)
})

test('every router is among those that are compared', () => {
  expect(new Set(routerContenders().map(({ router }) => router.kind))).toEqual(new Set(routers.map(({ kind }) => kind)))
  expect(new Set(routerContenders().map(({ name }) => name)).size).toBe(routerContenders().length)
})

test.each([
  [['--characters', '10'], '--characters: expected a whole number of 4096 or more'],
  [['--router', 'oracle'], '--router: expected one of top-k, ']
])('%j is refused', async (args, message) => {
  const { status, errors } = await runCommand(['bench', 'routers', ...args])
  expect(status).toBe(2)
  expect(errors).toContain(message)
})
