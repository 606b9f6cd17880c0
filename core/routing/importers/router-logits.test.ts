import fc from 'fast-check'
import { expect, test } from 'vitest'
import { storedTensor } from '../../formats/tensor-data'
import { chooseExperts } from './choose-experts'
import { experts, grid, layers, logitAt, numpyFile, openedTrace, safetensors, sourceOf, tokens } from './files.fixture'
import { inspect, openRouting } from './open'

/** By sorting, and the formula of the softmax. */
function chosen(logits: readonly number[], topK: number, renormalise: boolean) {
  const exponentials = logits.map(Math.exp)
  const sum = exponentials.reduce((a, b) => a + b, 0)
  const order = logits.map((_, expert) => expert).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b)
  const ids = order.slice(0, topK)
  const gates = ids.map((id) => (exponentials[id] ?? 0) / sum)
  const kept = gates.reduce((a, b) => a + b, 0)
  return { ids, weights: renormalise ? gates.map((gate) => gate / kept) : gates }
}

const row = (token: number, layer: number) =>
  Array.from({ length: experts }, (_, expert) => logitAt(token, layer, expert))

test('experts and weights are those of softmax, top-k and renormalisation', () => {
  const logits = fc.integer({ min: 1, max: 9 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      topK: fc.integer({ min: 1, max: count }),
      rows: fc.array(fc.array(fc.integer({ min: -8, max: 8 }), { minLength: count, maxLength: count }), {
        maxLength: 4
      }),
      renormalise: fc.boolean()
    })
  )
  fc.assert(
    fc.property(logits, ({ count, topK, rows, renormalise }) => {
      const gates = renormalise ? 'renormalised' : 'softmax'
      const { ids, weights } = chooseExperts(Float32Array.from(rows.flat()), count, topK, gates)
      const expected = rows.map((each) => chosen(each, topK, renormalise))
      expect([...ids]).toEqual(expected.flatMap((each) => each.ids))
      for (const [i, weight] of expected.flatMap((each) => each.weights).entries())
        expect(weights[i]).toBeCloseTo(weight, 6)
    })
  )
})

test('an expert that a mask excludes comes last, with weight 0', () => {
  const { ids, weights } = chooseExperts(Float32Array.of(Number.NEGATIVE_INFINITY, 1), 2, 2, 'renormalised')
  expect([...ids]).toEqual([1, 0])
  expect([...weights]).toEqual([1, 0])
})

const places = {
  logitsOfOneLayer: [0],
  stackedLogits: [0, 1, 2],
  logitsByLayer: [0, 1, 2],
  compressedLogits: [1, 3, 5]
}

test.each(Object.keys(places) as (keyof typeof places)[])('%s becomes a trace', async (name) => {
  const trace = await openedTrace(numpyFile(name), { answers: { 'top-k': 2 } })
  const count = places[name].length
  expect(trace).toMatchObject({ layers: places[name], experts, topK: 2 })
  expect([...(trace.routerLogits ?? [])]).toEqual(grid(tokens, count, experts, logitAt))
  const expected = grid(tokens, count, 1, () => 0).map((_, i) => chosen(row(Math.floor(i / count), i % count), 2, true))
  expect([...trace.expertIds]).toEqual(expected.flatMap(({ ids }) => ids))
  for (const [i, weight] of expected.flatMap(({ weights }) => weights).entries()) {
    expect(trace.expertWeights?.[i]).toBeCloseTo(weight, 6)
  }
})

test('input_ids beside the logits give tokens and the rows of the batch', async () => {
  const trace = await openedTrace(numpyFile('logitsByLayer'), { answers: { 'top-k': 1 } })
  expect([...(trace.tokenIds ?? [])]).toEqual([100, 101, 102, 103, 104, 105])
  expect([...trace.sequenceStarts]).toEqual([0, 3])
  const without = await openedTrace(numpyFile('stackedLogits'), { answers: { 'top-k': 1 } })
  expect([...without.sequenceStarts]).toEqual([0])
  expect(without.notes.join(' ')).toMatch(/no 'input_ids'.*one text/)
})

test('what was assumed is noted, what was answered is not', async () => {
  const assumed = await openedTrace(numpyFile('stackedLogits'), { answers: { 'top-k': 2 } })
  expect(assumed.notes.join(' ')).toMatch(/axes .* taken as layers, tokens, experts.*sum: that is assumed/)
  const answers = { 'top-k': 2, gates: 'softmax', axes: 'layers-tokens-experts' }
  const answered = await openedTrace(numpyFile('stackedLogits'), { answers })
  expect(answered.notes.join(' ')).not.toMatch(/assumed|are taken as layers/)
  const [first = 0] = answered.expertWeights ?? []
  expect(first).toBeCloseTo(chosen(row(0, 0), 2, false).weights[0] ?? 0, 6)
})

test('top-k is asked, with the first rows', async () => {
  const { candidates } = await inspect(sourceOf(numpyFile('logitsOfOneLayer')))
  expect(candidates).toMatchObject([
    {
      format: 'router-logits',
      certain: true,
      questions: [{ id: 'top-k', needed: true, proposal: undefined }, { id: 'gates' }]
    }
  ])
  expect(candidates[0]?.preview).toContain('0.000  1.250  2.500  1.000')
  await expect(openRouting(sourceOf(numpyFile('logitsOfOneLayer')))).rejects.toThrow(/top-k \(experts .*does not say/)
  await expect(openedTrace(numpyFile('logitsOfOneLayer'), { answers: { 'top-k': 9 } })).rejects.toThrow(/at most 8/)
})

test('safetensors of one tensor for each layer know what their metadata say', async () => {
  const tensor = (layer: number) =>
    storedTensor(Float32Array.from(grid(tokens, 1, experts, (t, _, e) => logitAt(t, layer, e))), [tokens, experts])
  const tensors = { 'model.layers.12.mlp.gate': tensor(1), 'model.layers.3.mlp.gate': tensor(0) }
  const trace = await openedTrace(safetensors(tensors, { top_k: '2', model: 'olmoe', gates: 'softmax' }))
  expect(trace).toMatchObject({ model: 'olmoe', layers: [3, 12], topK: 2 })
  expect([...(trace.routerLogits ?? [])]).toEqual(grid(tokens, 2, experts, logitAt))
})

test('probabilities are told from logits, and give the same experts and weights', async () => {
  const softmax = (logits: readonly number[]) =>
    logits.map((logit) => Math.exp(logit) / logits.reduce((sum, each) => sum + Math.exp(each), 0))
  const values = Array.from({ length: tokens }, (_, token) => softmax(row(token, 0)))
  const file = safetensors({ router_logits: storedTensor(Float32Array.from(values.flat()), [tokens, experts]) })
  const trace = await openedTrace(file, { answers: { 'top-k': 2 } })
  const expected = values.map((_, token) => chosen(row(token, 0), 2, true))
  expect([...trace.expertIds]).toEqual(expected.flatMap(({ ids }) => ids))
  for (const [i, weight] of expected.flatMap(({ weights }) => weights).entries()) {
    expect(trace.expertWeights?.[i]).toBeCloseTo(weight, 5)
  }
  expect(trace.notes.join(' ')).toMatch(/probabilities, not logits/)
})

test('stacked tokens first are read so where the axes say it', async () => {
  const values = Float32Array.from(grid(tokens, layers, experts, logitAt))
  const file = safetensors({ router_logits: storedTensor(values, [tokens, layers, experts]) })
  await expect(openedTrace(file, { answers: { 'top-k': 2 } })).rejects.toThrow(/axes/)
  const trace = await openedTrace(file, { answers: { 'top-k': 2, axes: 'tokens-layers-experts' } })
  expect(trace.routerLogits).toEqual(values)
})

const floats = (shape: readonly number[], value = 0) => {
  const size = shape.reduce((product, each) => product * each, 1)
  return storedTensor(new Float32Array(size).fill(value), shape)
}

test.each([
  ['a truncated file', numpyFile('logitsOfOneLayer').slice(0, 200), /F32 of shape \[6, 8\] takes 192 bytes, found 72/],
  ['another dtype', numpyFile('complex'), /'descr'.*'<c8'/],
  [
    'layers of other sizes',
    safetensors({ 'gate.0': floats([4, 8]), 'gate.1': floats([4, 9]) }),
    /'gate\.1': shape \[4, 9\] contradicts 'gate\.0'/
  ],
  [
    'too many axes',
    safetensors({ router_logits: floats([2, 2, 2, 2, 2]) }),
    /'router_logits': expected the axes .*\[2, 2, 2, 2, 2\]/
  ],
  [
    'names without an order',
    safetensors({ gate_a: floats([4, 8]), gate_b: floats([4, 8]) }),
    /'gate_a', 'gate_b': expected a number/
  ],
  [
    'tokens of another text',
    safetensors({ input_ids: storedTensor(new Int32Array(3), [3]), gate: floats([4, 8]) }),
    /'input_ids': shape \[3\] contradicts/
  ],
  [
    'NaN',
    safetensors({ gate: floats([4, 8], Number.NaN) }),
    /token 0, layer 0, expert 0: expected a number, found NaN/
  ],
  ['no experts', safetensors({ gate: floats([4, 0]) }), /'gate': experts .*found 0/]
])('%s is refused in words', async (_, file, message) => {
  await expect(openedTrace(file, { answers: { 'top-k': 1 } })).rejects.toThrow(message)
})
