/** The loss of every token of a model with some of its experts off. */
import type { Architecture } from '../arch/architecture'
import { moeShape } from '../arch/architecture'
import type { Windows } from '../corpus'
import type { Turn } from '../give-way'
import { giveWay } from '../give-way'
import { changedEvaluation } from '../model/changed-evaluation'
import { chooseEvaluationDispatch } from '../model/experts/choose'
import type { ExpertsOff } from '../model/intervention'
import type { InterventionPlan } from '../model/intervention-plan'
import { interventionPlan } from '../model/intervention-plan'
import { constantWeights } from '../model/weights'
import type { Backend, HostTensor, HostTensors, Session } from '../runtime/backend'
import { float32, floats, int32, processorOf } from '../runtime/backend'
import { evaluationBatches } from './evaluate'

/** Of every target of some windows, `[windows * context]`. */
export interface TokenLosses {
  /** `-log p(target)`. */
  readonly nats: Float32Array
  /** By how much its logit is below the largest: 0 for the most likely token. */
  readonly margins: Float32Array
}

export interface MaskedEvaluator {
  /** Reads windows of any length that the model's context holds. Throws a `RangeError` as `interventionPlan`. */
  evaluate(
    windows: Pick<Windows, 'count' | 'context' | 'tokens' | 'targets'>,
    options?: { readonly masks?: readonly ExpertsOff[]; readonly turn?: Turn; readonly onBatch?: () => void }
  ): Promise<TokenLosses>
  release(): Promise<void>
}

/** Batches in which so many windows are read. */
export function evaluationRounds(backend: Backend, windows: number): number {
  return Math.ceil(windows / evaluationBatches[processorOf(backend)])
}

/**
 * Measures a model, dense or MoE; a graph is made for each length of windows and each set of skipped layers, and serves
 * every mask.
 */
export function createMaskedEvaluator(
  backend: Backend,
  { architecture, parameters }: { readonly architecture: Architecture; readonly parameters: Float32Array }
): MaskedEvaluator {
  const processor = processorOf(backend)
  const batch = evaluationBatches[processor]
  const weights = constantWeights(architecture, parameters)
  const sessions = new Map<string, Session>()
  const sessionOf = async (plan: InterventionPlan, context: number): Promise<Session> => {
    const key = `${context}: ${plan.key}`
    const known = sessions.get(key)
    if (known) return known
    const dispatch = chooseEvaluationDispatch(processor, batch * context)
    const graph = changedEvaluation(plan, weights, dispatch, {
      batch,
      context,
      margins: true
    })
    const session = await backend.load(graph)
    sessions.set(key, session)
    return session
  }
  return {
    evaluate: async ({ count, context, tokens, targets }, { masks = [], turn = giveWay, onBatch } = {}) => {
      const plan = interventionPlan(architecture, ...masks)
      const inputs = maskInputs(plan)
      const session = await sessionOf(plan, context)
      const found = { nats: new Float32Array(count * context), margins: new Float32Array(count * context) }
      const size = batch * context
      for (let first = 0; first < count * context; first += size) {
        await turn()
        const part = (all: Int32Array) => Int32Array.from({ length: size }, (_, i) => all[first + i] ?? 0)
        const outputs = await session.run({ tokens: int32(part(tokens)), targets: int32(part(targets)), ...inputs })
        for (const [name, all] of Object.entries(found)) {
          all.set(floats(outputs, name).subarray(0, all.length - first), first)
        }
        onBatch?.()
      }
      return found
    },
    release: async () => {
      for (const session of sessions.values()) await session.release()
    }
  }
}

/** The inputs of `changedEvaluation` that mask experts: `mask_L` for each MoE layer L whose router chooses. */
export function maskInputs({ architecture, masks }: InterventionPlan): HostTensors {
  const entries = Array.from(masks, ([layer, mask]): [string, HostTensor] => {
    const { experts } = moeShape(architecture, layer)
    return [`mask_${layer}`, float32(mask, [architecture.vocabularySize, experts])]
  })
  return Object.fromEntries(entries)
}
