import type { MoeFeedForward } from '../../arch/architecture'
import type { Expression } from '../../graph/expression'
import type { Routing } from '../../routers/routing'
import type { Weights } from '../weights'

/** One MoE layer's experts, as a way of computing them sees it. */
export interface ExpertSite {
  /** `[tokens, d]`. */
  readonly x: Expression
  readonly routing: Routing
  readonly shape: MoeFeedForward
  readonly weights: Weights
  readonly layer: number
}

export interface ExpertOutput {
  /** The gated sum of the chosen experts: `[tokens, d]`. */
  readonly output: Expression
  /** 1 where a chosen expert had no room for the token, `[tokens, k]`; undefined where nothing can be dropped. */
  readonly dropped: Expression | undefined
}

/** A way of computing the experts; all ways give the same output, as far as nothing is dropped. */
export type ExpertDispatch = (site: ExpertSite) => ExpertOutput
