/** Traces as people save them with torch.save and pickle.dump. */
import { expect, test } from 'vitest'
import { experts, fixtureIds, grid, layers, logitAt, openedTrace, pickledFile, sourceOf, tokens } from './files.fixture'
import { inspect, openRouting } from './open'

const allLogits = grid(tokens, layers, experts, logitAt)

test.each([
  ['logitsTuple', [0, 1, 2], {}],
  ['logitsTensor', [0, 1, 2], {}],
  ['logitsHooks', [1, 3, 5], {}],
  ['logitsNumpy', [0, 1, 2], {}]
] as const)('router logits of %s become a trace', async (name, places, answers) => {
  const trace = await openedTrace(pickledFile(name), { answers: { 'top-k': 2, ...answers } })
  expect(trace).toMatchObject({ layers: places, experts, topK: 2 })
  expect([...(trace.routerLogits ?? [])]).toEqual(allLogits)
})

test('passes of one token go on with a text, and what a dict says beside its arrays is known', async () => {
  const hooks = await openedTrace(pickledFile('logitsHooks'), { answers: { 'top-k': 2 } })
  expect([...hooks.sequenceStarts]).toEqual([0])
  expect(hooks.notes.join(' ')).toContain('Passes of a single token go on with the text')
  const numpy = await openedTrace(pickledFile('logitsNumpy'))
  expect([...(numpy.tokenIds ?? [])]).toEqual([100, 101, 102, 103, 104, 105])
  expect(numpy.topK).toBe(2)
})

test('which number is the layer is asked where neither names nor shapes say it', async () => {
  const source = sourceOf(pickledFile('logitsBatches'))
  const { candidates } = await inspect(source)
  expect(candidates[0]?.questions).toContainEqual(
    expect.objectContaining({ id: 'axes', choices: ['passes-layers', 'layers-passes'], needed: true })
  )
  await expect(openRouting(source, { answers: { 'top-k': 2 } })).rejects.toThrow(/axes .*does not say/)
  const answers = { 'top-k': 2, axes: 'passes-layers' }
  const trace = await openedTrace(pickledFile('logitsBatches'), { answers })
  expect([...(trace.routerLogits ?? [])]).toEqual(allLogits)
  expect([...trace.sequenceStarts]).toEqual([0, 3])
})

test.each(['idsUint16', 'idsLists', 'pickledNumpy', 'pickledNumpy5'] as const)(
  '%s are chosen experts',
  async (name) => {
    const trace = await openedTrace(pickledFile(name))
    expect(trace).toMatchObject({ layers: [0, 1, 2], topK: 2, experts: 8 })
    expect([...trace.expertIds]).toEqual(fixtureIds)
  }
)

test('a rollout of slime: each sample is a text, and those without experts are left out', async () => {
  const { candidates } = await inspect(sourceOf(pickledFile('rollout')))
  expect(candidates).toMatchObject([{ format: 'rollouts', certain: true }])
  const trace = await openedTrace(pickledFile('rollout'))
  expect([...trace.expertIds]).toEqual(fixtureIds)
  expect([...trace.sequenceStarts]).toEqual([0, 4])
  expect([...(trace.tokenIds ?? [])]).toEqual([1, 2, 3, 4, 6, 7])
  expect(trace.notes).toContain('1 of 3 samples have no experts and are left out.')
})

test('a matrix of counts is counts', async () => {
  expect(await openRouting(sourceOf(pickledFile('eplbWeight')))).toMatchObject({
    kind: 'counts',
    layers: [0, 1],
    experts: 4,
    counts: Float64Array.of(90, 132, 40, 61, 20, 107, 104, 64)
  })
})
