import type { Architecture } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { input } from '../graph/expression'
import { cast, gather, largest, logSoftmax, multiply, negate, oneHot, stack, subtract, sum } from '../graph/operators'
import { expertNumbers } from '../routers/routing'
import { causalMask, sequencePositions } from './causal'
import type { ExpertDispatch } from './experts/dispatch'
import { parameterLayout } from './parameters'
import type { LayerRouting } from './transformer'
import { transformer } from './transformer'
import { slicedWeights } from './weights'

/** A graph that evaluates. */
export interface EvaluationOptions {
  /** Sequences of a batch. */
  readonly batch: number
  /** Tokens of a sequence. */
  readonly context: number
  readonly margins?: boolean
  readonly training?: boolean
}

/**
 * The loss of every token, by output name.
 *
 * With `training` routers decide as in a step of a training: see `RouterSite.training`.
 *
 * Inputs: `parameters` float32; `tokens`, `targets` int32 `[batch * context]`; with `training` the noise of `trainStep`.
 * Outputs: `nats` float32 `[batch * context]`, and with `margins` as many of these: by how much the target's logit is
 * below the largest. With experts `experts` int32 `[MoE layers, batch * context, k]` (-1 for an empty place), and
 * `dropped` float32 likewise where tokens can be dropped.
 */
export function evaluation(
  architecture: Architecture,
  dispatch: ExpertDispatch,
  { batch, context, margins = false, training = false }: EvaluationOptions
): Record<string, Expression> {
  const tokens = input('tokens', 'int32', [batch * context])
  const targets = input('targets', 'int32', [batch * context])
  const { weights } = slicedWeights(architecture, input('parameters', 'float32', [parameterLayout(architecture).size]))
  const { logits, routing } = transformer({
    architecture,
    weights,
    dispatch,
    tokens,
    x: gather(weights.embedding, tokens),
    positions: sequencePositions(batch, context),
    mask: causalMask(context),
    training
  })
  const margin = margins ? { margins: marginsOf(logits, targets) } : {}
  return { nats: natsOf(logits, targets), ...margin, ...choicesOf(routing) }
}

/**
 * Logits after every token of several sequences, of weights that change: what a model writes while it learns.
 *
 * Inputs: `parameters` float32; `tokens` int32 `[batch * context]`. Outputs: `logits` float32
 * `[batch * context, vocabulary]`.
 */
export function sequenceLogits(
  architecture: Architecture,
  dispatch: ExpertDispatch,
  { batch, context }: Pick<EvaluationOptions, 'batch' | 'context'>
): Record<string, Expression> {
  const tokens = input('tokens', 'int32', [batch * context])
  const { weights } = slicedWeights(architecture, input('parameters', 'float32', [parameterLayout(architecture).size]))
  const { logits } = transformer({
    architecture,
    weights,
    dispatch,
    tokens,
    x: gather(weights.embedding, tokens),
    positions: sequencePositions(batch, context),
    mask: causalMask(context)
  })
  return { logits }
}

/** Which experts every token chose, and which of them had no room. */
function choicesOf(routing: readonly LayerRouting[]): Record<string, Expression> {
  if (routing.length === 0) return {}
  const dropped = routing.flatMap((each) => each.dropped ?? [])
  return {
    experts: cast(stack(routing.map(expertNumbers)), 'int32'),
    ...(dropped.length > 0 ? { dropped: stack(dropped) } : {})
  }
}

/** The loss of each token, `-log p(target)`: `[tokens]`. */
export function natsOf(logits: Expression, targets: Expression): Expression {
  const vocabularySize = logits.shape[1] as number
  return negate(sum(multiply(oneHot(targets, vocabularySize), logSoftmax(logits)), [1]))
}

/** By how much the logit of each target is below the largest, exactly 0 for the most likely token: `[tokens]`. */
export function marginsOf(logits: Expression, targets: Expression): Expression {
  const vocabularySize = logits.shape[1] as number
  return subtract(largest(logits, [1]), sum(multiply(oneHot(targets, vocabularySize), logits), [1]))
}
