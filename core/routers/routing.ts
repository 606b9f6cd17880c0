import type { Expression } from '../graph/expression'
import { add, cast, equal, gather, greater, range, scatterElements, sum, where, zerosLike } from '../graph/operators'

/**
 * Decisions of a router: sparse assignments of tokens to experts, written by token. A token has k places for experts
 * (`LayerRouter.places`), of which some may stay empty, so that any number up to k can be assigned to it:
 *
 * - the best k, by whatever score: every place is filled;
 * - top-p, ReLU: the experts by falling score, filled as far as the rule goes; k is the most that it may take;
 * - expert choice: the experts by falling score, filled where the expert took the token; k is the number of experts;
 * - experts that compute nothing: they have logits, and a place that one of them takes stays empty.
 */
export interface Routing {
  /** `[tokens, experts]`. */
  readonly logits: Expression
  /** The experts of each token, best first: int64 `[tokens, k]`. None stands in a row twice, in empty places neither. */
  readonly experts: Expression
  /** The weights of their outputs, `[tokens, k]`; 0 in an empty place. */
  readonly gates: Expression
  /** 1 where a place is filled, else 0: `[tokens, k]`; undefined where all are. */
  readonly filled: Expression | undefined
  /** 1 for an empty place whose expert the router chose and had no room in, `[tokens, k]`; undefined where none has. */
  readonly dropped?: Expression | undefined
}

/** The most experts that a token has: the columns of a routing. */
export function placesOf({ experts }: Routing): number {
  return experts.shape[1] as number
}

/**
 * The chosen experts as float32 `[tokens, k]`, -1 for an empty place, to be given out or joined: of int64, WebGPU knows
 * no more than indices, and these pick from a row of numbers.
 */
export function expertNumbers({ logits, experts, filled }: Routing): Expression {
  const numbers = gather(range(logits.shape[1] as number, 'float32'), experts)
  return filled ? where(greater(filled, 0), numbers, -1) : numbers
}

/** 1 where a token chose an expert, else 0: `[tokens, experts]`. Not a one-hot of the indices, for the same reason. */
export function expertChoices({ logits, experts, gates, filled }: Routing): Expression {
  const ones = filled ?? cast(equal(gates, gates), 'float32')
  return scatterElements(zerosLike(logits), experts, ones, 1)
}

/** Choices of each expert, over all tokens, those that it had no room for among them: `[experts]`. */
export function expertLoad(routing: Routing): Expression {
  const { filled, dropped } = routing
  return sum(expertChoices(filled && dropped ? { ...routing, filled: add(filled, dropped) } : routing), [0])
}
