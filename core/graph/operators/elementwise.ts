/** Operators that treat elements one by one, with numpy broadcasting. */
import type { Expression } from '../expression'
import { apply, scalar } from '../expression'
import type { Operator } from '../operator'
import { at } from '../operator'
import type { ElementType, TensorType, Values } from '../tensor'
import { broadcastShapes, elementCount, stridesOf } from '../tensor'

/** An expression, or a number that stands for a float32 scalar. */
export type Operand = Expression | number

export const add = (a: Operand, b: Operand): Expression => binary(addOperator, a, b)
export const subtract = (a: Operand, b: Operand): Expression => binary(subtractOperator, a, b)
export const multiply = (a: Operand, b: Operand): Expression => binary(multiplyOperator, a, b)
/** Quotient; integers are divided towards zero. */
export const divide = (a: Operand, b: Operand): Expression => binary(divideOperator, a, b)
/** The smaller of two values; its gradient goes to the smaller one (to the first where they are equal). */
export const minimum = (a: Operand, b: Operand): Expression => binary(minimumOperator, a, b)
export const greater = (a: Operand, b: Operand): Expression => binary(greaterOperator, a, b)
export const less = (a: Operand, b: Operand): Expression => binary(lessOperator, a, b)
export const equal = (a: Operand, b: Operand): Expression => binary(equalOperator, a, b)
export const negate = (x: Expression): Expression => apply(negateOperator, [x])
export const exponential = (x: Expression): Expression => apply(exponentialOperator, [x])
export const logarithm = (x: Expression): Expression => apply(logarithmOperator, [x])
export const squareRoot = (x: Expression): Expression => apply(squareRootOperator, [x])
export const sigmoid = (x: Expression): Expression => apply(sigmoidOperator, [x])
/** `x * sigmoid(x)`, the activation of SwiGLU (Shazeer 2020, "GLU Variants Improve Transformer"). */
export const silu = (x: Expression): Expression => apply(siluOperator, [x])
/** The larger of a value and 0; at 0 its gradient is 0. */
export const relu = (x: Expression): Expression => where(greater(x, 0), x, 0)
/** `log(1 + exp(x))`, as `max(x, 0) + log(1 + exp(-|x|))`, so that nothing overflows. */
export const softplus = (x: Expression): Expression => {
  const positive = relu(x)
  return add(positive, logarithm(add(1, exponential(subtract(x, multiply(2, positive))))))
}
/** `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to x. */
export const errorFunction = (x: Expression): Expression => apply(errorFunctionOperator, [x])
/** `condition ? a : b` for each element. */
export const where = (condition: Expression, a: Operand, b: Operand): Expression =>
  apply(whereOperator, [condition, operand(a), operand(b)])
/** Converts to another element type; booleans become 0 and 1, floats are truncated to integers. */
export const cast = (x: Expression, type: ElementType): Expression =>
  x.type === type ? x : apply(castOperator, [x], { to: onnxTypes[type] })
/** An output under the same value: gives a graph output a node of its own. */
export const identity = (x: Expression): Expression => apply(identityOperator, [x])
/** The same value, which gradients take for a constant. */
export const stopGradient = (x: Expression): Expression => apply(stopGradientOperator, [x])

/** ONNX codes of element types (`TensorProto.DataType`). */
export const onnxTypes: Record<ElementType, number> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 }

function operand(given: Operand): Expression {
  return typeof given === 'number' ? scalar(given) : given
}

function binary(operator: Operator, a: Operand, b: Operand): Expression {
  return apply(operator, [operand(a), operand(b)])
}

function inferBroadcast([a, b]: readonly TensorType[], type?: ElementType): TensorType[] {
  if (!a || !b) throw new Error('two inputs are needed')
  if (a.type !== b.type) throw new Error(`element types ${a.type} and ${b.type} differ`)
  return [{ type: type ?? a.type, shape: broadcastShapes(a.shape, b.shape) }]
}

/** Values of `compute` over broadcast inputs. */
function evaluateBroadcast(
  inputs: readonly Values[],
  type: ElementType,
  compute: (...elements: number[]) => number
): Values[] {
  const shape = inputs.reduce<readonly number[]>((all, each) => broadcastShapes(all, each.shape) as number[], [])
  const data = new Float64Array(elementCount(shape))
  const strides = stridesOf(shape)
  const readers = inputs.map((each) => {
    const own = stridesOf(each.shape)
    const offset = shape.length - each.shape.length
    return shape.map((_, axis) => (axis < offset || each.shape[axis - offset] === 1 ? 0 : (own[axis - offset] ?? 0)))
  })
  for (let i = 0; i < data.length; i++) {
    const elements = inputs.map((each, which) => {
      let position = 0
      for (let axis = 0; axis < shape.length; axis++) {
        const coordinate = Math.floor(i / (strides[axis] ?? 1)) % (shape[axis] ?? 1)
        position += coordinate * (readers[which]?.[axis] ?? 0)
      }
      return each.data[position] ?? Number.NaN
    })
    data[i] = compute(...elements)
  }
  return [{ type, shape, data }]
}

function arithmetic(
  name: string,
  compute: (a: number, b: number) => number,
  gradients: (dy: Expression, a: Expression, b: Expression, y: Expression) => [Expression, Expression]
): Operator {
  return {
    name,
    infer: (inputs) => inferBroadcast(inputs),
    evaluate: (inputs) => evaluateBroadcast(inputs, at(inputs, 0).type, (a, b) => compute(a ?? 0, b ?? 0)),
    gradient: (site) => {
      const dy = at(site.outputGradients, 0)
      if (!dy) return []
      return gradients(dy, at(site.inputs, 0), at(site.inputs, 1), at(site.outputs, 0))
    }
  }
}

const addOperator = arithmetic(
  'Add',
  (a, b) => a + b,
  (dy) => [dy, dy]
)
const subtractOperator = arithmetic(
  'Sub',
  (a, b) => a - b,
  (dy) => [dy, negate(dy)]
)
const multiplyOperator = arithmetic(
  'Mul',
  (a, b) => a * b,
  (dy, a, b) => [multiply(dy, b), multiply(dy, a)]
)
const divideOperator: Operator = {
  ...arithmetic(
    'Div',
    (a, b) => a / b,
    (dy, _a, b, y) => {
      const da = divide(dy, b)
      return [da, negate(multiply(da, y))]
    }
  ),
  evaluate: (inputs) => {
    const { type } = at(inputs, 0)
    const quotient = (a = 0, b = 0) => (type === 'float32' ? a / b : Math.trunc(a / b))
    return evaluateBroadcast(inputs, type, quotient)
  }
}
const minimumOperator = arithmetic('Min', Math.min, (dy, a, b) => {
  const second = cast(less(b, a), 'float32')
  const toSecond = multiply(dy, second)
  return [subtract(dy, toSecond), toSecond]
})

function comparison(name: string, compute: (a: number, b: number) => boolean): Operator {
  return {
    name,
    infer: (inputs) => inferBroadcast(inputs, 'bool'),
    evaluate: (inputs) => evaluateBroadcast(inputs, 'bool', (a, b) => Number(compute(a ?? 0, b ?? 0)))
  }
}

const greaterOperator = comparison('Greater', (a, b) => a > b)
const lessOperator = comparison('Less', (a, b) => a < b)
const equalOperator = comparison('Equal', (a, b) => a === b)

function unary(
  name: string,
  compute: (x: number) => number,
  gradient: (dy: Expression, x: Expression, y: Expression) => Expression
): Operator {
  return {
    name,
    infer: ([x]) => {
      if (!x) throw new Error('one input is needed')
      return [{ type: x.type, shape: x.shape }]
    },
    evaluate: ([x]) => {
      if (!x) throw new Error('one input is needed')
      return [{ type: x.type, shape: x.shape, data: x.data.map(compute) }]
    },
    gradient: ({ outputGradients: [dy], inputs, outputs }) => (dy ? [gradient(dy, at(inputs, 0), at(outputs, 0))] : [])
  }
}

const negateOperator = unary(
  'Neg',
  (x) => -x,
  (dy) => negate(dy)
)
const exponentialOperator = unary('Exp', Math.exp, (dy, _x, y) => multiply(dy, y))
const logarithmOperator = unary('Log', Math.log, (dy, x) => divide(dy, x))
const squareRootOperator = unary('Sqrt', Math.sqrt, (dy, _x, y) => divide(multiply(dy, 0.5), y))
const logistic = (x: number): number => 1 / (1 + Math.exp(-x))
const sigmoidOperator = unary('Sigmoid', logistic, (dy, _x, y) => multiply(dy, multiply(y, subtract(1, y))))
const errorFunctionOperator = unary('Erf', erf, (dy, x) =>
  multiply(dy, multiply(2 / Math.sqrt(Math.PI), exponential(negate(multiply(x, x)))))
)
const identityOperator = unary(
  'Identity',
  (x) => x,
  (dy) => dy
)

/** By its series of positive terms, `2 / sqrt(pi) exp(-x^2) sum(2^n x^(2n+1) / (2n+1)!!)`; beyond 6 it is 1 to 1e-17. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let [term, total] = [x, x]
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    total += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total
}

const stopGradientOperator: Operator = {
  ...identityOperator,
  name: 'StopGradient',
  gradient: () => [],
  onnx: () => ({ type: 'Identity' })
}

const siluOperator: Operator = {
  ...unary(
    'Silu',
    (x) => x * logistic(x),
    (dy, x, y) => {
      const s = sigmoid(x)
      return multiply(dy, add(s, multiply(y, subtract(1, s))))
    }
  ),
  // QuickGelu is x * sigmoid(alpha * x): one pass over memory where Sigmoid and Mul take two.
  onnx: () => ({ type: 'QuickGelu', domain: 'com.microsoft', attributes: { alpha: { float: 1 } } })
}

const castOperator: Operator = {
  name: 'Cast',
  infer: ([x], { to }) => {
    const type = (Object.keys(onnxTypes) as ElementType[]).find((each) => onnxTypes[each] === to)
    if (!x || !type) throw new Error('an input and a known element type are needed')
    return [{ type, shape: x.shape }]
  },
  evaluate(inputs, attributes) {
    const [{ type, shape }] = this.infer(inputs, attributes) as [TensorType]
    const convert =
      type === 'bool' ? (x: number) => Number(x !== 0) : type === 'float32' ? (x: number) => x : Math.trunc
    return [{ type, shape: shape as number[], data: at(inputs, 0).data.map((x) => convert(x)) }]
  },
  gradient: ({ inputs, outputGradients: [dy] }) => (dy && at(inputs, 0).type === 'float32' ? [dy] : [])
}

const whereOperator: Operator = {
  name: 'Where',
  infer: ([condition, a, b]) => {
    if (condition?.type !== 'bool' || !a || !b) throw new Error('a boolean condition and two values are needed')
    const [both] = inferBroadcast([a, b]) as [TensorType]
    return [{ type: both.type, shape: broadcastShapes(condition.shape, both.shape) }]
  },
  evaluate: (inputs) =>
    evaluateBroadcast(inputs, at(inputs, 1).type, (condition, a, b) => ((condition ?? 0) !== 0 ? (a ?? 0) : (b ?? 0))),
  gradient: (site) => {
    const dy = at(site.outputGradients, 0)
    if (!dy) return []
    const condition = at(site.inputs, 0)
    return [undefined, where(condition, dy, 0), where(condition, 0, dy)]
  }
}
