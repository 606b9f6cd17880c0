import type { Expression } from '../graph/expression'
import { matmul, multiply, silu, split } from '../graph/operators'

/**
 * SwiGLU: `down(silu(gate(x)) * up(x))` (Shazeer 2020), for a dense layer and for one expert alike.
 * @param x `[tokens, d]`
 * @param gateUp `[..., d, 2 f]`, the gate and up projections side by side
 * @param down `[..., f, d]`
 */
export function swiGlu(x: Expression, gateUp: Expression, down: Expression): Expression {
  const width = down.shape.at(-2)
  if (typeof width !== 'number') throw new Error('the feed-forward width must be known')
  const [gate, up] = split(matmul(x, gateUp), [width, width], -1) as [Expression, Expression]
  return matmul(multiply(silu(gate), up), down)
}
