import type { Architecture } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { input } from '../graph/expression'
import { add, logSoftmax, matmul, multiply, negate, oneHot, stack, sum } from '../graph/operators'
import type { LossWeights } from '../routers/router'
import { expertLoad } from '../routers/routing'
import { causalMask, sequencePositions } from './causal'
import { type Distillation, distillationLoss } from './distillation'
import type { ExpertDispatch } from './experts/dispatch'
import type { LayerRouting } from './transformer'
import { transformer } from './transformer'
import type { Weights } from './weights'

/** Constants of a graph that computes the loss of a batch. */
export interface TrainingLossOptions extends LossWeights {
  /** Sequences of a batch. */
  readonly batch: number
  /** Tokens of a sequence. */
  readonly context: number
  /** Absent where no teacher is followed. */
  readonly distillation?: Distillation
}

export interface TrainingLoss {
  /** Mean nats per token. */
  readonly loss: Expression
  /** The same with those of a teacher and of the routers: what is minimised. */
  readonly total: Expression
  /**
   * With a teacher `distillation_loss`; with experts each loss of their routers by its name, `load` and `dropped`: see
   * `trainStep`.
   */
  readonly outputs: Readonly<Record<string, Expression>>
  /** One for each MoE layer. */
  readonly routing: readonly LayerRouting[]
}

/**
 * The loss of a batch.
 *
 * Inputs: those of `trainStep` without the parameters and the optimiser's.
 */
export function trainingLoss(
  architecture: Architecture,
  dispatch: ExpertDispatch,
  { batch, context, distillation, ...lossWeights }: TrainingLossOptions,
  weights: Weights
): TrainingLoss {
  const count = batch * context
  const tokens = input('tokens', 'int32', [count])
  const targets = input('targets', 'int32', [count])
  // The embedding as a product with one-hot rows: its gradient is a product too, where Gather's would be a scatter.
  const x = matmul(oneHot(tokens, architecture.vocabularySize), weights.embedding)
  const positions = sequencePositions(batch, context)
  const { logits, routing } = transformer({
    architecture,
    weights,
    dispatch,
    tokens,
    x,
    positions,
    mask: causalMask(context),
    training: true
  })
  const picked = multiply(oneHot(targets, architecture.vocabularySize), logSoftmax(logits))
  const loss = multiply(negate(sum(picked)), 1 / count)
  const taught = distillation ? distilled(loss, logits, distillation) : { total: loss, outputs: {} }
  if (routing.length === 0) return { loss, ...taught, routing }
  const losses = routerLosses(routing, lossWeights)
  const dropped = routing.flatMap((each) => (each.dropped ? [sum(each.dropped)] : []))
  return {
    loss,
    total: losses.length === 0 ? taught.total : add(taught.total, losses.map(({ weighted }) => weighted).reduce(add)),
    outputs: {
      ...taught.outputs,
      ...Object.fromEntries(losses.map(({ name, value }) => [name, value])),
      load: stack(routing.map(expertLoad)),
      ...(dropped.length > 0 ? { dropped: stack(dropped) } : {})
    },
    routing
  }
}

/** The loss of a student by text and teacher. */
function distilled(
  loss: Expression,
  logits: Expression,
  { share, temperature }: Distillation
): Pick<TrainingLoss, 'total' | 'outputs'> {
  const teacher = input('teacher_logits', 'float32', logits.shape)
  const distillation = distillationLoss(logits, teacher, temperature)
  return {
    total: add(multiply(loss, 1 - share), multiply(distillation, share)),
    outputs: { distillation_loss: distillation }
  }
}

/** The losses of all routers by name, each summed over its layers, unweighted and weighted. */
function routerLosses(
  routing: readonly LayerRouting[],
  { balanceLoss, zLoss }: LossWeights
): { readonly name: string; readonly value: Expression; readonly weighted: Expression }[] {
  const all = routing.flatMap((each) => each.router.losses(each, { ...each.site, balanceLoss, zLoss }))
  return [...new Set(all.map(({ name }) => name))].map((name) => {
    const terms = all.filter((each) => each.name === name)
    const value = terms.map((each) => each.value).reduce(add)
    const [weight, ...others] = new Set(terms.map((each) => each.weight))
    const weighted =
      weight !== undefined && others.length === 0
        ? multiply(value, weight)
        : terms.map((each) => multiply(each.value, each.weight)).reduce(add)
    return { name, value, weighted }
  })
}
