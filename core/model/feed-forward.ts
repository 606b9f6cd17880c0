import type { MoeFeedForward } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { add, matmul, minimum, multiply, negate, sigmoid, silu, split, unsqueeze } from '../graph/operators'
import type { ExpertPart } from '../tensors/part'

/**
 * SwiGLU: `down(silu(gate(x)) * up(x))` (Shazeer 2020), for a dense layer and for one expert alike.
 * @param x `[tokens, d]`
 * @param gateUp `[..., d, 2 f]`, the gate and up projections side by side
 * @param down `[..., f, d]`
 */
export function swiGlu(x: Expression, gateUp: Expression, down: Expression): Expression {
  const [gate, up] = halves(matmul(x, gateUp), down)
  return matmul(multiply(silu(gate), up), down)
}

/** The parameters of an expert of a shape. */
export function expertParts({ expertBias }: Pick<MoeFeedForward, 'expertBias'>): readonly ExpertPart[] {
  return [
    'expert_gate_up',
    'expert_down',
    ...(expertBias ? (['expert_gate_up_bias', 'expert_down_bias'] as const) : [])
  ]
}

/**
 * The output of experts of a shape: SwiGLU, or with biases and a clamp as gpt-oss has them (`GptOssExperts` of
 * transformers 5.18): `down((up + 1) * gate * sigmoid(1.702 gate))` with the gate at most 7 and up within 7 of 0.
 * @param x `[..., tokens, d]`
 * @param part the matrices `[..., inputs, outputs]` and vectors `[..., outputs]` of one expert or of several
 */
export function expertNetwork(
  x: Expression,
  { expertBias, clamped }: Pick<MoeFeedForward, 'expertBias' | 'clamped'>,
  part: (name: ExpertPart) => Expression
): Expression {
  const down = part('expert_down')
  const biased = (y: Expression, name: 'expert_gate_up_bias' | 'expert_down_bias') =>
    expertBias ? add(y, asRow(part(name))) : y
  const [gate, up] = halves(biased(matmul(x, part('expert_gate_up')), 'expert_gate_up_bias'), down)
  return biased(matmul(clamped ? clampedSwiGlu(gate, up) : multiply(silu(gate), up), down), 'expert_down_bias')
}

const limit = 7
const alpha = 1.702

function clampedSwiGlu(gate: Expression, up: Expression): Expression {
  const low = minimum(gate, limit)
  const between = negate(minimum(negate(minimum(up, limit)), limit))
  return multiply(add(between, 1), multiply(low, sigmoid(multiply(low, alpha))))
}

/** Vectors of several experts, each for all of its tokens. */
function asRow(vectors: Expression): Expression {
  const rank = vectors.shape.length
  return rank === 1 ? vectors : unsqueeze(vectors, [rank - 1])
}

function halves(gateUp: Expression, down: Expression): readonly [Expression, Expression] {
  const width = down.shape.at(-2)
  if (typeof width !== 'number') throw new Error('the feed-forward width must be known')
  return split(gateUp, [width, width], -1) as [Expression, Expression]
}
