import type { MoeFeedForward } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import {
  cast,
  equal,
  gather,
  logSumExp,
  mean,
  multiply,
  range,
  scatterElements,
  softmax,
  sum,
  topK,
  zerosLike
} from '../graph/operators'

/** What the router decided for each token. */
export interface Routing {
  /** `[tokens, experts]`. */
  readonly logits: Expression
  /** The chosen experts, best first: int64 `[tokens, k]`. */
  readonly experts: Expression
  /** The weights of their outputs: `[tokens, k]`. */
  readonly gates: Expression
}

/** A way in which router logits `[tokens, experts]` become choices and gates. */
export type Chooser = (logits: Expression, shape: MoeFeedForward) => Routing

/**
 * Top-k routing. With normalised gates the softmax runs over the k chosen logits, which equals softmax, choice and
 * division by the sum (Jiang et al. 2024, "Mixtral of Experts", section 2.1).
 */
export const chooseBest: Chooser = (logits, shape) => {
  if (shape.normaliseGates) {
    const chosen = topK(logits, shape.topK)
    return { logits, experts: chosen.indices, gates: softmax(chosen.values) }
  }
  const chosen = topK(softmax(logits), shape.topK)
  return { logits, experts: chosen.indices, gates: chosen.values }
}

/**
 * The chosen experts as float32 `[tokens, k]`, to be given out or joined: of int64, WebGPU knows no more than indices,
 * and these pick from a row of numbers.
 */
export function expertNumbers({ logits, experts }: Routing): Expression {
  return gather(range(logits.shape[1] as number, 'float32'), experts)
}

/** 1 where a token chose an expert, else 0: `[tokens, experts]`. Not a one-hot of the indices, for the same reason. */
export function expertChoices({ logits, experts, gates }: Routing): Expression {
  const ones = cast(equal(gates, gates), 'float32')
  return scatterElements(zerosLike(logits), experts, ones, 1)
}

/** Assignments that each expert got, over all tokens and choices: `[experts]`. */
export function expertLoad(routing: Routing): Expression {
  return sum(expertChoices(routing), [0])
}

/**
 * `experts * sum(f_e * P_e)`, with f the share of assignments and P the mean router probability: 1 when balanced
 * (Fedus et al. 2022, "Switch Transformers", equation 4).
 */
export function loadBalanceLoss(routing: Routing, shape: MoeFeedForward): Expression {
  const tokens = routing.logits.shape[0]
  if (typeof tokens !== 'number') throw new Error('the number of tokens must be known')
  const share = multiply(expertLoad(routing), 1 / (tokens * shape.topK))
  return multiply(sum(multiply(share, mean(softmax(routing.logits), [0]))), shape.experts)
}

/** `mean(logsumexp(logits)^2)` (Zoph et al. 2022, "ST-MoE", equation 5). */
export function routerZLoss(routing: Routing): Expression {
  const z = logSumExp(routing.logits, [1])
  return mean(multiply(z, z))
}
