import { z } from 'zod'
import type { Architecture } from '../arch/architecture'
import { moeLayers, moeShape } from '../arch/architecture'
import { listOf } from '../list-of'

/**
 * A change of what routers decide, with all weights as they were trained: plain data, to be stored and sent.
 *
 * `layer` is an index among all layers, which must have experts; absent, every layer that has experts is changed. What
 * becomes of choices and gates is said at each kind; where nothing is said, gates follow from the choices by the model's
 * own rule (`LayerRouter.gates`).
 *
 * Ablation answers what observation cannot: no metric of observed routing, load among them, predicted in any of three
 * large models which experts matter (Engmann et al. 2026, "From Observation to Intervention", arXiv 2606.10703).
 */
export type Intervention = Mask | SkipMoe | DropBest | Force | RandomRouting | OtherTopK

/** Experts that are switched off: some of a layer, or its whole MoE. */
export type ExpertsOff = Mask | SkipMoe

/**
 * Nobody can choose these experts. Their router logits become -infinity (a finite -1e9, whose exponential is 0) before
 * softmax and top-k, so that the next best take their places and the gates are a softmax over what is left, also where
 * they are not normalised. That is the convention of Lu et al. 2024 ("Not All Experts are Equal", arXiv 2402.14800;
 * `model/wrapper.py` of their code), chosen because it is exactly the checkpoint from which the experts and their rows
 * of the router were cut out. At least k must be left.
 *
 * With normalised gates an expert that no token chose is so removed without any effect; gates that are not normalised
 * grow as its probability is shared out.
 */
export interface Mask {
  readonly kind: 'mask'
  readonly layer?: number
  readonly experts: readonly number[]
}

/**
 * The MoE of a layer adds nothing to the residual stream: x_l + attention(x_l) passes on to layer l + 1 as it is. Its
 * router decides nothing, and neither its routed nor its shared experts are computed. It is the model whose experts and
 * shared experts have down projections of 0. Attention of the layer stays.
 */
export interface SkipMoe {
  readonly kind: 'skip-moe'
  readonly layer?: number
}

/**
 * Every token loses its own best expert, by the rule of `Mask`. With `replace` it has k experts still, for the next best
 * moves up; without, the k - 1 that were behind the best.
 */
export interface DropBest {
  readonly kind: 'drop-best'
  readonly layer?: number
  readonly replace: boolean
}

/**
 * Tokens go to one expert alone, with gate 1: all others are masked, and where k is more than 1, the places that cannot
 * be filled stay without weight. `tokens` are ids of the vocabulary, of the token that is read; absent, all are forced.
 */
export interface Force {
  readonly kind: 'force'
  readonly layer?: number
  readonly expert: number
  readonly tokens?: readonly number[]
}

/**
 * Every token gets k different experts, any set of k with the same probability, whatever its router says. Gates
 * `'trained'` are those that the router gives to the experts that chance chose: softmax over their logits, or their
 * probabilities among all experts where gates are not normalised. Gates `'uniform'` share out evenly the total weight
 * that the router gave to its own choice: 1/k each where gates are normalised.
 */
export interface RandomRouting {
  readonly kind: 'random'
  readonly layer?: number
  readonly gates: 'uniform' | 'trained'
}

/** Another number of experts for each token, 1 to all; gates by the same rule over these. */
export interface OtherTopK {
  readonly kind: 'top-k'
  readonly layer?: number
  readonly topK: number
}

const place = { layer: z.int().nonnegative().exactOptional() }
const expert = z.int().nonnegative()

/** Experts of one layer that are switched off, as they are stored; all of them are its whole MoE, see `SkipMoe`. */
export const maskedLayerSchema = z.strictObject({
  layer: z.int().nonnegative(),
  experts: z.array(expert).min(1)
})

export type MaskedLayer = z.infer<typeof maskedLayerSchema>

/** Interventions as they are stored and sent. */
export const interventionSchema: z.ZodType<Intervention> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mask'), ...place, experts: z.array(expert) }),
  z.strictObject({ kind: z.literal('skip-moe'), ...place }),
  z.strictObject({ kind: z.literal('drop-best'), ...place, replace: z.boolean() }),
  z.strictObject({
    kind: z.literal('force'),
    ...place,
    expert,
    tokens: z.array(z.int().nonnegative()).exactOptional()
  }),
  z.strictObject({ kind: z.literal('random'), ...place, gates: z.enum(['uniform', 'trained']) }),
  z.strictObject({ kind: z.literal('top-k'), ...place, topK: z.int().positive() })
])

/** An intervention in a few words. Layers and experts count from 0, as in traces. */
export function interventionName(intervention: Intervention): string {
  const where = intervention.layer === undefined ? '' : `layer ${intervention.layer}: `
  // The number of an expert means nothing without its layer.
  const which = where || 'every layer: '
  switch (intervention.kind) {
    case 'mask':
      return `${which}without ${listOf('expert', intervention.experts)}`
    case 'skip-moe':
      return `${which}MoE skipped`
    case 'drop-best':
      return `${where}drop top-1 expert${intervention.replace ? '' : ', k - 1'}`
    case 'force':
      return `${which}${intervention.tokens ? listOf('token', intervention.tokens) : 'all'} to expert ${intervention.expert}`
    case 'random':
      return `${where}random experts, ${intervention.gates} gates`
    case 'top-k':
      return `${where}top-${intervention.topK}`
  }
}

/** The experts of each layer masked alone, one after the other; none for a dense model. */
export function everyExpert(architecture: Architecture): Mask[] {
  return moeLayers(architecture).flatMap((layer) =>
    Array.from({ length: moeShape(architecture, layer).experts }, (_, expert) => ({
      kind: 'mask' as const,
      layer,
      experts: [expert]
    }))
  )
}
