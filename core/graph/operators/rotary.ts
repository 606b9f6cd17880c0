/** Rotary position embedding. */
import type { Expression } from '../expression'
import { apply, constant } from '../expression'
import type { Operator } from '../operator'
import { at, integer } from '../operator'
import { values } from '../tensor'
import { negate } from './elementwise'

/** Cosines and sines of the rotation at each position: `[context, headSize / 2]`. */
export interface RotaryTable {
  readonly cosine: Expression
  readonly sine: Expression
}

/**
 * Angles `position * frequency`, by which the pairs of a head turn.
 * @param factor of cosines and sines
 */
export function rotaryTable(context: number, frequencies: readonly number[], factor = 1): RotaryTable {
  const half = frequencies.length
  const table = (of: (angle: number) => number) =>
    constant(
      values(
        'float32',
        [context, half],
        Array.from({ length: context * half }, (_, i) =>
          Math.fround(factor * of(Math.floor(i / half) * (frequencies[i % half] ?? 0)))
        )
      )
    )
  return { cosine: table(Math.cos), sine: table(Math.sin) }
}

/**
 * Turns the pairs `(x[i], x[i + headSize / 2])` of every head by the angle of its position, as Hugging Face's
 * `rotate_half` does; with `interleaved` the pairs `(x[2 i], x[2 i + 1])`.
 * @param x `[batch, tokens, heads * headSize]`
 * @param positions int64 `[batch, tokens]`
 */
export function rotary(x: Expression, positions: Expression, table: RotaryTable, interleaved = false): Expression {
  return apply(rotaryOperator, [x, positions, table.cosine, table.sine], { interleaved: Number(interleaved) })
}

const rotaryOperator: Operator = {
  name: 'RotaryEmbedding',
  infer: ([x, positions, cosine]) => {
    if (x?.shape.length !== 3 || positions?.shape.length !== 2 || positions.type !== 'int64') {
      throw new Error('x [batch, tokens, width] and int64 positions [batch, tokens] are needed')
    }
    const [width, half] = [x.shape[2], cosine?.shape[1]]
    if (typeof width !== 'number' || typeof half !== 'number' || width % (2 * half) !== 0) {
      throw new Error('the width must be a whole number of heads')
    }
    return [{ type: x.type, shape: x.shape }]
  },
  evaluate: ([x, positions, cosine, sine], attributes) => {
    if (!x || !positions || !cosine || !sine) throw new Error('four inputs are needed')
    const isInterleaved = integer(attributes, 'interleaved') === 1
    const half = at(cosine.shape, 1)
    const width = at(x.shape, 2)
    const data = x.data.map((value, i) => {
      const inHead = i % (2 * half)
      const pair = isInterleaved ? Math.floor(inHead / 2) : inHead % half
      const isFirst = isInterleaved ? inHead % 2 === 0 : inHead < half
      const entry = (positions.data[Math.floor(i / width)] ?? 0) * half + pair
      const apart = isInterleaved ? 1 : half
      const partner = isFirst ? -(x.data[i + apart] ?? 0) : (x.data[i - apart] ?? 0)
      return value * (cosine.data[entry] ?? 0) + partner * (sine.data[entry] ?? 0)
    })
    return [values(x.type, x.shape, data)]
  },
  // The inverse of a rotation is the rotation the other way.
  gradient: ({ inputs, attributes, outputGradients: [dy] }) => {
    const back = { cosine: at(inputs, 2), sine: negate(at(inputs, 3)) }
    return dy ? [rotary(dy, at(inputs, 1), back, integer(attributes, 'interleaved') === 1)] : []
  },
  onnx: ({ interleaved = 0 }) => ({ type: 'RotaryEmbedding', domain: 'com.microsoft', attributes: { interleaved } })
}
