import { moeShape } from '../arch/architecture'
import type { Windows } from '../corpus'
import { uncounted } from '../corpus'
import type { Turn } from '../give-way'
import { giveWay } from '../give-way'
import { changedEvaluation } from '../model/changed-evaluation'
import { chooseEvaluationDispatch } from '../model/experts/choose'
import type { Intervention } from '../model/intervention'
import type { InterventionPlan } from '../model/intervention-plan'
import { interventionPlan, skippedLayers } from '../model/intervention-plan'
import { constantWeights } from '../model/weights'
import { createRandom } from '../random'
import type { Backend, HostTensor, HostTensors, Session } from '../runtime/backend'
import { float32, floats, int32, processorOf } from '../runtime/backend'
import { evaluationBatches } from './evaluate'
import { maskInputs } from './masked-evaluator'
import type { ByDomain, ChangedLoss, MeasuredLoss, WindowSums } from './paired-losses'
import { addNats, changesOf, countCharacters, lossesOf, windowSums } from './paired-losses'
import type { CorpusModel } from './validation-text'
import { validationText } from './validation-text'

/** Losses of a model under interventions on its routers, in nats per character: plain data. */
export interface Ablation {
  /** Windows of text that were read, the same for every row. */
  readonly windows: number
  readonly baseline: Baseline
  /** In the order of the interventions; fewer than these as long as it is not whole. */
  readonly rows: readonly AblationRow[]
}

/** The model as it was trained. */
export interface Baseline extends MeasuredLoss {
  readonly domains: ByDomain<MeasuredLoss>
  /** Load of the experts of each MoE layer. */
  readonly loads: readonly LayerLoad[]
}

export interface AblationRow extends ChangedLoss {
  readonly intervention: Intervention
  readonly domains: ByDomain<ChangedLoss>
  readonly loads: readonly LayerLoad[]
}

/** Counts of each expert of a layer, chosen with a gate above 0 by counted characters. */
export interface LayerLoad {
  readonly layer: number
  readonly experts: readonly number[]
}

/** A model to be ablated; every `RunnableModel` is one. */
export interface AblatedModel extends CorpusModel {
  readonly parameters: Float32Array
}

export interface AblateOptions {
  readonly interventions: readonly Intervention[]
  /** Characters of validation text; only its whole documents count, so somewhat fewer are measured. */
  readonly tokens: number
  /** Of routing by chance; default 1. */
  readonly seed?: number
  /** After each batch, with how many of how many are done. */
  readonly onProgress?: (done: number, total: number) => void
  /** Rows of the first interventions, measured before on the same text with the same seed: they are not measured again. */
  readonly known?: readonly AblationRow[]
  /** As soon as the baseline is known, and then each row: all that is known so far. */
  readonly onPart?: (ablation: Ablation) => void
  /** Awaited before each batch. */
  readonly turn?: Turn
}

/**
 * Measures a model with its routers changed in each of several ways, on one validation text. All masks and forced
 * experts share one session. Throws a `RangeError`, before anything is computed, for an intervention that the model does
 * not admit and as `validationText`; and what `turn` throws.
 */
export async function ablate(backend: Backend, model: AblatedModel, options: AblateOptions): Promise<Ablation> {
  const { interventions, tokens, seed = 1, known = [], turn = giveWay, onProgress, onPart } = options
  // Plans hold masks and are made again when they are used: here they only show that every intervention is possible.
  for (const each of interventions) interventionPlan(model.architecture, each)
  const windows = validationText(model, tokens)
  const bench = createBench(backend, model, windows, seed)
  const missing = interventions.slice(known.length)
  const total = bench.batches * (1 + missing.length)
  let done = 0
  const measure = (...changes: Intervention[]) =>
    bench.measure(interventionPlan(model.architecture, ...changes), turn, () => onProgress?.(++done, total))
  try {
    const characters = countCharacters(windows)
    const own = await measure()
    const baseline: Baseline = { ...lossesOf(own.nats, characters), loads: own.loads }
    let ablation: Ablation = { windows: windows.count, baseline, rows: known }
    onPart?.(ablation)
    for (const intervention of missing) {
      const found = await measure(intervention)
      const row = { intervention, ...changesOf(found.nats, own.nats, characters), loads: found.loads }
      ablation = { ...ablation, rows: [...ablation.rows, row] }
      onPart?.(ablation)
    }
    return ablation
  } finally {
    await bench.release()
  }
}

interface Found {
  readonly nats: WindowSums
  readonly loads: LayerLoad[]
}

/** Reads the same windows under one plan after the other. */
function createBench(backend: Backend, { architecture, parameters }: AblatedModel, windows: Windows, seed: number) {
  const processor = processorOf(backend)
  const { count, context } = windows
  const batch = Math.min(count, evaluationBatches[processor])
  const size = batch * context
  const weights = constantWeights(architecture, parameters)
  const dispatch = chooseEvaluationDispatch(processor, size)
  const sessions = new Map<string, Session>()
  const sessionOf = async (plan: InterventionPlan): Promise<Session> => {
    const known = sessions.get(plan.key)
    if (known) return known
    const loaded = await backend.load(changedEvaluation(plan, weights, dispatch, { batch, context }))
    sessions.set(plan.key, loaded)
    return loaded
  }
  return {
    batches: Math.ceil(count / batch),
    measure: async (plan: InterventionPlan, turn: Turn, onBatch: () => void): Promise<Found> => {
      const session = await sessionOf(plan)
      const nats = windowSums(windows)
      const loads = createLoads(plan)
      const masks = maskInputs(plan)
      for (let first = 0; first < count; first += batch) {
        await turn()
        const part = (all: Int32Array) => Int32Array.from({ length: size }, (_, i) => all[first * context + i] ?? 0)
        const outputs = await session.run({
          tokens: int32(part(windows.tokens)),
          targets: int32(part(windows.targets)),
          ...masks,
          ...noiseOf(plan, { seed, first, batch, context })
        })
        addNats(nats, windows, first, floats(outputs, 'nats'))
        loads.add(outputs, windows.domains.subarray(first * context, first * context + size))
        onBatch()
      }
      return { nats, loads: loads.result }
    },
    release: async () => {
      for (const session of sessions.values()) await session.release()
    }
  }
}

/** Noise drawn for each window alone, so that its routing depends on the seed and not on how many are read at once. */
function noiseOf(
  { architecture, choices }: InterventionPlan,
  { seed, first, batch, context }: { seed: number; first: number; batch: number; context: number }
): HostTensors {
  const entries = Array.from(choices).flatMap(([layer, choice]): [string, HostTensor][] => {
    if (!choice.startsWith('random')) return []
    const { experts } = moeShape(architecture, layer)
    const noise = new Float32Array(batch * context * experts)
    for (let window = 0; window < batch; window++) {
      const random = createRandom(seed, `ablate/layer ${layer}/window ${first + window}`)
      const start = window * context * experts
      for (let i = 0; i < context * experts; i++) noise[start + i] = random.uniform()
    }
    return [[`noise_${layer}`, float32(noise, [batch * context, experts])]]
  })
  return Object.fromEntries(entries)
}

function createLoads(plan: InterventionPlan) {
  const { architecture, choices } = plan
  const skipped = skippedLayers(plan)
  const layers = Array.from(choices.keys(), (layer) => {
    return { layer, experts: new Array<number>(moeShape(architecture, layer).experts).fill(0) }
  })
  return {
    add: (outputs: HostTensors, domains: Uint8Array) => {
      for (const { layer, experts } of layers) {
        if (skipped.has(layer)) continue
        const [chosen, gates] = [outputs[`experts_${layer}`], floats(outputs, `gates_${layer}`)]
        const places = chosen?.shape[1] ?? 0
        domains.forEach((domain, token) => {
          if (domain === uncounted) return
          for (let i = token * places; i < (token + 1) * places; i++) {
            const expert = Number(chosen?.data[i])
            if ((gates[i] ?? 0) > 0) experts[expert] = (experts[expert] ?? 0) + 1
          }
        })
      }
    },
    result: layers.map(({ layer, experts }): LayerLoad => ({ layer, experts }))
  }
}
