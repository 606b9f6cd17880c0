/**
 * Tensor expressions: a model is written once as expressions, from which come its ONNX graphs, its gradients and its
 * reference values. An expression is immutable and knows its type and shape; building one computes nothing.
 */
import { messageOf } from '../reason'
import type { Operator } from './operator'
import type { ElementType, Shape, TensorType, Values } from './tensor'
import { values } from './tensor'

/** One output of a node. */
export interface Expression extends TensorType {
  readonly node: Node
  /** Which of the node's outputs this is. */
  readonly output: number
}

export type Node = InputNode | ConstantNode | CaptureNode | RowNode | OperatorNode

/** A value given at every run. */
export interface InputNode {
  readonly kind: 'input'
  readonly name: string
  readonly type: TensorType
}

/** A value written into the graph (an ONNX initialiser). Equal small constants are merged when serialised. */
export interface ConstantNode {
  readonly kind: 'constant'
  /** Name of a weight, or undefined for an anonymous constant. */
  readonly name: string | undefined
  readonly type: ElementType
  readonly shape: readonly number[]
  /** A Float32Array for large weights, which are so never held twice; bytes for packed codes. */
  readonly data: Float64Array | Float32Array | Uint8Array
  /** Of a matrix of which every value is on a grid: the same matrix as codes, from which products are computed. */
  readonly packed?: PackedMatrix
}

/**
 * A matrix `[inputs, outputs]` of few bits a weight: code `q` of a block stands for `scale (q - zero)`. Layout of
 * `MatMulNBits` of ONNX Runtime.
 */
export interface PackedMatrix {
  /** 4 or 8. */
  readonly bits: number
  /** Inputs that share a scale: a power of 2, at least 16. */
  readonly block: number
  /** uint8 `[outputs, blocks, block * bits / 8]`, a byte's low bits first, the last block filled up. */
  readonly codes: Expression
  /** float32 `[outputs * blocks]`. */
  readonly scales: Expression
  /** uint8 `[outputs * ceil(blocks * bits / 8)]`, packed like the codes. */
  readonly zeros: Expression
}

/** Inside a branch of `ifThenElse` or the body of `eachRow`: an expression of the enclosing graph. */
export interface CaptureNode {
  readonly kind: 'capture'
  readonly captured: Expression
}

/** Inside the body of `eachRow`: the row of one of its inputs. */
export interface RowNode {
  readonly kind: 'row'
  /** The input's place among them. */
  readonly index: number
}

export interface OperatorNode {
  readonly kind: 'operator'
  readonly operator: Operator
  readonly inputs: readonly Expression[]
  readonly attributes: Attributes
  readonly types: readonly TensorType[]
}

/** Numbers are integers, `{ float }` marks a float attribute, an expression is a branch or a body. */
export type Attribute = number | string | readonly number[] | { readonly float: number } | Expression
export type Attributes = Readonly<Record<string, Attribute>>

/** A graph input. */
export function input(name: string, type: ElementType, shape: Shape): Expression {
  return { node: { kind: 'input', name, type: { type, shape } }, output: 0, type, shape }
}

/** A constant tensor. */
export function constant({ type, shape, data }: Values): Expression {
  return { node: { kind: 'constant', name: undefined, type, shape, data }, output: 0, type, shape }
}

/** A float32 weight written into the graph under its name; a product with a packed one is computed from its codes. */
export function weight(name: string, shape: readonly number[], data: Float32Array, packed?: PackedMatrix): Expression {
  const node: ConstantNode = { kind: 'constant', name, type: 'float32', shape, data, ...(packed && { packed }) }
  return { node, output: 0, type: 'float32', shape }
}

/** Bytes written into the graph under a name. */
export function bytes(name: string, shape: readonly number[], data: Uint8Array): Expression {
  return { node: { kind: 'constant', name, type: 'uint8', shape, data }, output: 0, type: 'uint8', shape }
}

/** A float32 scalar. */
export function scalar(value: number): Expression {
  return constant(values('float32', [], [value]))
}

/** Stands, inside a branch of `ifThenElse` or the body of `eachRow`, for an expression of the enclosing graph. */
export function capture(captured: Expression): Expression {
  return { node: { kind: 'capture', captured }, output: 0, type: captured.type, shape: captured.shape }
}

/** Stands, inside the body of `eachRow`, for the row of its input at a place. */
export function rowOf({ type, shape }: TensorType, index: number): Expression {
  return { node: { kind: 'row', index }, output: 0, type, shape: shape.slice(1) }
}

/** All outputs of an operator applied to expressions. */
export function applyAll(
  operator: Operator,
  inputs: readonly Expression[],
  attributes: Attributes = {}
): readonly Expression[] {
  let types: readonly TensorType[]
  try {
    types = operator.infer(inputs, attributes)
  } catch (error) {
    const given = inputs.map((each) => `${each.type}[${each.shape.join(', ')}]`).join(', ')
    throw new Error(`${operator.name}(${given}): ${messageOf(error)}`, {
      cause: error
    })
  }
  const node: OperatorNode = { kind: 'operator', operator, inputs, attributes, types }
  return types.map((type, output) => ({ node, output, ...type }))
}

/** The first output of an operator applied to expressions. */
export function apply(operator: Operator, inputs: readonly Expression[], attributes: Attributes = {}): Expression {
  const [first] = applyAll(operator, inputs, attributes)
  if (!first) throw new Error(`${operator.name} has no output`)
  return first
}

/** Expressions reachable from the given ones, each node once, inputs before the nodes that use them. */
export function topologicalNodes(outputs: readonly Expression[]): Node[] {
  const seen = new Set<Node>()
  const sorted: Node[] = []
  const stack = outputs.map((each) => ({ node: each.node, expanded: false })).reverse()
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { node, expanded } = top
    if (expanded) sorted.push(node)
    else if (!seen.has(node)) {
      seen.add(node)
      stack.push({ node, expanded: true })
      for (const each of dependencies(node).toReversed()) {
        if (!seen.has(each.node)) stack.push({ node: each.node, expanded: false })
      }
    }
  }
  return sorted
}

/** Dependencies of a node: its inputs, and the captures of its branches or its body. */
export function dependencies(node: Node): readonly Expression[] {
  if (node.kind !== 'operator') return []
  const captured = branchesOf(node).flatMap(([, body]) => capturesOf(body))
  return [...node.inputs, ...captured]
}

/** The branches, or the body, of a node by attribute name. */
export function branchesOf(node: OperatorNode): [string, Expression][] {
  return Object.entries(node.attributes).flatMap(([name, attribute]) =>
    typeof attribute === 'object' && 'node' in attribute ? [[name, attribute]] : []
  )
}

function capturesOf(body: Expression): Expression[] {
  return topologicalNodes([body]).flatMap((node) => (node.kind === 'capture' ? [node.captured] : []))
}
