import * as native from 'onnxruntime-node'
import * as wasm from 'onnxruntime-web'
import { describe, expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { tokenizer } from '../corpus'
import { corpusSpecSchema } from '../formats/training-report'
import { turnUntil } from '../give-way'
import { values } from '../graph/tensor'
import { changedEvaluation } from '../model/changed-evaluation'
import { groupedExperts } from '../model/experts/grouped'
import type { Intervention } from '../model/intervention'
import { everyExpert } from '../model/intervention'
import { interventionPlan } from '../model/intervention-plan'
import { architectures, clearWeights, randomBatch } from '../model/models.fixture'
import { prunedModel } from '../model/pruned.fixture'
import { constantWeights } from '../model/weights'
import { createRandom } from '../random'
import { disagreement } from '../runtime/agreement'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import { createReferenceBackend } from '../runtime/reference'
import { characterTokenizer } from '../tokenizers/character'
import type { AblatedModel, AblateOptions, Ablation } from './ablate'
import { ablate } from './ablate'
import { createEvaluator } from './evaluate'
import { loadAndLossIncrease } from './load-and-loss'
import { validationText } from './validation-text'

const backend = createOnnxRuntimeBackend(native, { name: 'native', threads: 1 })
const onWasm = createOnnxRuntimeBackend(wasm, { name: 'wasm', threads: 1 })

const architecture = moeArchitecture({ width: 16, vocabularySize: 55, experts: 4, expertWidth: 8 })
const modelOf = (architecture: Architecture, parameters = clearWeights(architecture)): AblatedModel => ({
  id: 'small',
  architecture,
  parameters,
  tokenizer,
  report: { corpus: corpusSpecSchema.parse({ world: { names: 50, pairs: 50, keys: 50 } }) }
})
const model = modelOf(architecture)
const tokens = 6000
const run = (interventions: readonly Intervention[], more: Partial<AblateOptions> = {}, of = model) =>
  ablate(backend, of, { interventions, tokens, ...more })

/** By the ordinary evaluation, on the same text. */
async function evaluate(of: AblatedModel) {
  const evaluator = await createEvaluator(backend, of.architecture, of.architecture.context)
  const found = await evaluator.evaluate(of.parameters, validationText(of, tokens))
  await evaluator.release()
  return found
}

describe.each([backend, onWasm])('$name against the reference', (each) => {
  const interventions: Intervention[] = [
    { kind: 'force', layer: 1, expert: 2, tokens: [3, 4, 5] },
    { kind: 'drop-best', layer: 0, replace: true },
    { kind: 'skip-moe', layer: 0 },
    { kind: 'random', gates: 'uniform' },
    { kind: 'random', gates: 'trained' }
  ]
  test.each(['top-2 of 4 experts', 'top-1, gates as they are'])('changed graphs: %s', async (name) => {
    const architecture = architectures[name] as Architecture
    const random = createRandom(1, 'noise')
    for (const intervention of interventions) {
      const plan = interventionPlan(architecture, intervention)
      const weights = constantWeights(architecture, clearWeights(architecture))
      const whole = changedEvaluation(plan, weights, groupedExperts, { batch: 2, context: 8 })
      // Which experts take a forced token's places without weight is left to rounding.
      const compared = Object.entries(whole).filter(
        ([output]) => intervention.kind !== 'force' || output !== `experts_${intervention.layer}`
      )
      const graph = Object.fromEntries(compared)
      const layers = Array.from({ length: 2 }, (_, layer) => ({
        [`mask_${layer}`]: values('float32', [55, 4], plan.masks.get(layer) ?? new Float32Array(220)),
        [`noise_${layer}`]: values('float32', [16, 4], Float32Array.from({ length: 64 }, random.uniform))
      }))
      const inputs = Object.assign({}, randomBatch(architecture, 16), ...layers)
      expect(await disagreement(each, graph, inputs)).toBeLessThan(1e-4)
    }
  })
})

test('the baseline is the ordinary evaluation, and a mask the loss of the model without the experts', async () => {
  const { baseline, rows } = await run([
    { kind: 'mask', experts: [0, 3] },
    { kind: 'force', expert: 1 },
    { kind: 'top-k', topK: 4 }
  ])
  const own = await evaluate(model)
  expect(baseline.loss).toBeCloseTo(own.loss, 6)
  expect(baseline.tokens).toBe(own.characters)
  expect(baseline.loads.map(({ experts }) => experts)).toEqual(
    own.assignments.map((layer) => layer.map((expert) => expert.reduce((a, b) => a + b, 0)))
  )
  const others = [
    prunedModel(architecture, model.parameters, [1, 2]),
    prunedModel(architecture, model.parameters, [1], 1),
    prunedModel(architecture, model.parameters, [0, 1, 2, 3], 4)
  ]
  for (const [i, other] of others.entries()) {
    const expected = await evaluate(modelOf(other.architecture, other.flat))
    const row = rows[i]
    expect(row?.loss).toBeCloseTo(expected.loss, 5)
    expect(row?.delta).toBeCloseTo(expected.loss - own.loss, 5)
    expect(Object.keys(row?.domains ?? {})).toEqual(Object.keys(expected.domains))
    for (const [id, { loss, characters }] of Object.entries(expected.domains)) {
      const domain = row?.domains[id as keyof typeof row.domains]
      expect(domain?.loss).toBeCloseTo(loss, 5)
      expect(domain?.tokens).toBe(characters)
    }
  }
  // Every token of two layers to expert 1.
  expect(rows[1]?.loads.map(({ experts }) => experts)).toEqual([0, 1].map(() => [0, baseline.tokens, 0, 0]))
})

test('each expert is masked alone; one that nobody chose, or whose copy takes over, is not missed', async () => {
  const whole = moeArchitecture({ width: 16, vocabularySize: 55, experts: 4, expertWidth: 8, layers: 1 })
  // Of equal logits the first are taken: of five copies of expert 0 the first two are used, the last three never.
  const copies = prunedModel(whole, clearWeights(whole), [0, 1, 2, 3, 0, 0, 0, 0])
  const { baseline, rows } = await run(everyExpert(copies.architecture), {}, modelOf(copies.architecture, copies.flat))
  const load = baseline.loads[0]?.experts ?? []
  expect([...load.keys()].filter((expert) => load[expert] === 0)).toEqual([5, 6, 7])
  expect(rows.map(({ loads }, expert) => loads[0]?.experts[expert])).toEqual(new Array(8).fill(0))
  for (const expert of [1, 2, 3]) expect(Math.abs(rows[expert]?.delta ?? 0)).toBeGreaterThan(1e-3)
  for (const expert of [0, 4]) expect(rows[expert]?.delta).toBeCloseTo(0, 6)
  for (const expert of [5, 6, 7]) expect(rows[expert]).toMatchObject({ delta: 0, standardError: 0 })
})

test('routing by chance loads all experts alike, and depends on the seed alone', async () => {
  const random: Intervention = { kind: 'random', gates: 'uniform' }
  const again: Intervention = { ...random, layer: 1 }
  const { baseline, rows } = await run([random, random, again, { ...random, gates: 'trained' }])
  expect(rows[1]).toEqual(rows[0])
  // Each of the four experts is in half of the pairs.
  const error = Math.sqrt(baseline.tokens / 4)
  for (const { experts } of [...(rows[0]?.loads ?? []), ...(rows[2]?.loads.slice(1) ?? [])]) {
    for (const load of experts) expect(Math.abs(load - baseline.tokens / 2)).toBeLessThan(4 * error)
  }
  expect(rows[2]?.loads[0]).toEqual(baseline.loads[0])
  expect(rows[3]?.loads).toEqual(rows[0]?.loads)
  expect(rows[3]?.loss).not.toBe(rows[0]?.loss)
  const other = await run([random], { seed: 2 })
  expect(other.baseline).toEqual(baseline)
  expect(other.rows[0]?.loads).not.toEqual(rows[0]?.loads)
})

test('what ends it leaves the rows that are finished, with which it goes on; it is heard between two batches', async () => {
  const controller = new AbortController()
  const parts: Ablation[] = []
  const ended = run(everyExpert(architecture), {
    turn: turnUntil(controller.signal),
    onPart: (part) => {
      parts.push(part)
      if (part.rows.length === 3) controller.abort(new Error('ended'))
    }
  })
  await expect(ended).rejects.toThrow('ended')
  expect(parts.map(({ rows }) => rows.length)).toEqual([0, 1, 2, 3])
  const known = parts.at(-1)?.rows ?? []
  expect(known.map(({ intervention }) => intervention)).toEqual(everyExpert(architecture).slice(0, 3))
  let batches = 0
  const resumed = await run(everyExpert(architecture), { known, onProgress: () => void batches++ })
  expect(resumed).toEqual(await run(everyExpert(architecture)))
  const missing = everyExpert(architecture).length - 3
  expect(batches).toBe((1 + missing) * Math.ceil(resumed.windows / 16))

  // A message, as to a worker: it is heard although the reference backend never leaves this thread.
  const { port1, port2 } = new MessageChannel()
  const early = new AbortController()
  port1.onmessage = () => early.abort(new Error('stopped'))
  port2.postMessage(undefined)
  let heard = 0
  const stopped = ablate(createReferenceBackend(), model, {
    interventions: [],
    tokens: 30_000,
    turn: turnUntil(early.signal),
    onProgress: () => void heard++
  })
  await expect(stopped).rejects.toThrow('stopped')
  expect(heard).toBeLessThan(3)
  port1.close()
})

test('progress ends with all batches of all rows', async () => {
  const progress: [number, number][] = []
  const { windows } = await run([{ kind: 'mask', experts: [0] }], { onProgress: (...each) => progress.push(each) })
  const batches = 2 * Math.ceil(windows / 16)
  expect(progress).toEqual(Array.from({ length: batches }, (_, i) => [i + 1, batches]))
})

test('what cannot be measured is told before anything is computed', async () => {
  const untouched = { ...backend, load: () => Promise.reject(new Error('loaded')) }
  const ablated = (of: AblatedModel, intervention: Intervention) =>
    ablate(untouched, of, { interventions: [{ kind: 'mask', experts: [0] }, intervention], tokens })
  await expect(ablated(model, { kind: 'mask', layer: 1, experts: [4] })).rejects.toThrow(/^layer 1: expected an expert/)
  const dense = modelOf(denseArchitecture({ width: 16, vocabularySize: 55 }))
  await expect(ablated(dense, { kind: 'drop-best', replace: true })).rejects.toThrow(/^the model is dense/)
  const foreign = { ...model, tokenizer: characterTokenizer([...'abc']) }
  await expect(ablated(foreign, { kind: 'mask', experts: [1] })).rejects.toThrow(/'small' has another tokenizer/)
})

test('load is correlated with loss increase by layer and over all', () => {
  const loads = [
    { layer: 0, experts: [10, 20, 70] },
    { layer: 2, experts: [50, 30, 20] }
  ]
  const deltas = [
    [0.1, -0.2, 0.3],
    [0.35, 0.4, 0.5]
  ]
  const rows = deltas.flatMap((layer, i) =>
    layer.map((delta, expert) => ({
      intervention: { kind: 'mask' as const, layer: 2 * i, experts: [expert] },
      loss: 1 + delta,
      tokens: 100,
      delta,
      standardError: null,
      domains: {},
      loads
    }))
  )
  const [row] = rows
  const others = row ? [{ ...row, intervention: { ...row.intervention, experts: [0, 1] } }] : []
  const found = loadAndLossIncrease({
    baseline: { loss: 1, tokens: 100, domains: {}, loads },
    rows: [...rows, ...others]
  })
  expect(found).toEqual([
    { layer: 0, experts: 3, correlation: expect.closeTo(1, 12) },
    { layer: 2, experts: 3, correlation: expect.closeTo(-1, 12) },
    // Ranks of load 1, 2.5, 6, 5, 4, 2.5 and of loss increase 1 to 6.
    { layer: null, experts: 6, correlation: expect.closeTo(5.5 / Math.sqrt(17 * 17.5), 12) }
  ])
})
