/**
 * Expressions written as an ONNX model (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, field numbers from
 * there). Nodes that compute the same thing are written once.
 */
import type { Attribute, Attributes, ConstantNode, Expression, InputNode, Node, OperatorNode } from './expression'
import { branchesOf, topologicalNodes } from './expression'
import { eachRowOperator } from './operators/control'
import { onnxTypes } from './operators/elementwise'
import { ProtobufWriter } from './protobuf'
import type { TensorType } from './tensor'

/** ONNX opset 21 and IR version 10 are the newest that every backend of ONNX Runtime 1.30 runs. */
const opset = 21
const irVersion = 10

/** Bytes of an `.onnx` file with these outputs; its inputs are the input expressions that they depend on. */
export function serialise(outputs: Readonly<Record<string, Expression>>): Uint8Array {
  const graph = new GraphWriter()
  graph.write(Object.values(outputs))
  for (const [name, expression] of Object.entries(outputs)) graph.output(name, expression)
  return new ProtobufWriter()
    .integer(1, irVersion)
    .bytes(2, 'moescope')
    .bytes(7, graph.finish('main'))
    .bytes(8, new ProtobufWriter().bytes(1, '').integer(2, opset))
    .bytes(8, new ProtobufWriter().bytes(1, 'com.microsoft').integer(2, 1))
    .finish()
}

type TensorData = Pick<ConstantNode, 'type' | 'shape' | 'data'>

/** Names are unique over the whole model, so that a branch never hides what it captures. */
interface Names {
  count: number
}

class GraphWriter {
  private readonly nodes = new ProtobufWriter()
  private readonly initialisers = new ProtobufWriter()
  private readonly inputs = new ProtobufWriter()
  private readonly outputs = new ProtobufWriter()
  private readonly nameOf = new Map<Node, readonly string[]>()
  private readonly written = new Map<string, readonly string[]>()
  private readonly names: Names
  private readonly outer: GraphWriter | undefined
  /** Names of the rows that a body is given. */
  private readonly rows: readonly string[]

  /**
   * @param outer writes the enclosing graph of a branch or a body
   * @param rows types of the rows that a body is given
   */
  constructor(outer?: GraphWriter, rows: readonly TensorType[] = []) {
    this.outer = outer
    this.names = outer?.names ?? { count: 0 }
    this.rows = rows.map((type) => {
      const name = this.fresh('row')
      this.inputs.bytes(11, valueInfo(name, type))
      return name
    })
  }

  /** Writes everything that these expressions need. */
  write(expressions: readonly Expression[]): void {
    for (const node of topologicalNodes(expressions)) {
      if (node.kind === 'operator') this.operator(node)
      else if (node.kind === 'constant') this.nameOf.set(node, [this.initialiser(node, node.name)])
      else if (node.kind === 'capture') this.nameOf.set(node, [this.capturedName(node.captured)])
      else if (node.kind === 'row') this.nameOf.set(node, [this.rowName(node.index)])
      else this.input(node)
    }
  }

  /** Declares an output; an `Identity` gives it its name. */
  output(name: string, expression: Expression): void {
    this.node('Identity', '', [this.name(expression)], [name], {})
    this.outputs.bytes(12, valueInfo(name, expression))
  }

  finish(name: string): ProtobufWriter {
    const { nodes, initialisers, inputs, outputs } = this
    return nodes.bytes(2, name).append(initialisers).append(inputs).append(outputs)
  }

  private name(expression: Expression): string {
    const found = this.nameOf.get(expression.node)?.[expression.output]
    if (found === undefined) throw new Error('an expression was used before it was written')
    return found
  }

  private capturedName(expression: Expression): string {
    if (!this.outer) throw new Error('capture() stands outside of a branch')
    return this.outer.name(expression)
  }

  private rowName(index: number): string {
    const found = this.rows[index]
    if (found === undefined) throw new Error('a row stands outside of the body that it is given to')
    return found
  }

  private input(node: InputNode): void {
    if (this.outer) throw new Error(`input '${node.name}' must be captured inside a branch`)
    this.nameOf.set(node, [node.name])
    this.inputs.bytes(11, valueInfo(node.name, node.type))
  }

  private initialiser(given: TensorData, name: string | undefined): string {
    // Small anonymous constants recur by the hundred; one of each is enough.
    const key =
      name ?? (given.data.length <= 64 ? `${given.type} ${given.shape.join()} ${given.data.join()}` : undefined)
    const known = key === undefined ? undefined : this.known(key)?.[0]
    if (known !== undefined) return known
    const own = name ?? this.fresh('constant')
    this.initialisers.bytes(5, tensor(own, given))
    if (key !== undefined) this.written.set(key, [own])
    return own
  }

  private operator(node: OperatorNode): void {
    const form = node.operator.onnx?.(node.attributes, node.inputs)
    const constants = (form?.constants ?? []).map((each) => this.initialiser(each, undefined))
    const given = node.inputs.slice(0, form?.inputs).map((each) => this.name(each))
    const inputs = [...given, ...constants]
    const attributes = form?.attributes ?? node.attributes
    const branches = branchesOf(node)
    const type = form?.type ?? node.operator.name
    const key = branches.length > 0 ? undefined : JSON.stringify([type, inputs, attributes])
    const known = key === undefined ? undefined : this.known(key)
    if (known) {
      this.nameOf.set(node, known)
      return
    }
    const outputs = node.types.map(() => this.fresh(type))
    const rows = node.operator === eachRowOperator ? node.inputs.map(rowType) : []
    this.node(type, form?.domain ?? '', inputs, outputs, attributes, rows)
    this.nameOf.set(node, outputs)
    if (key !== undefined) this.written.set(key, outputs)
  }

  /** Names already written for a key, here or in an enclosing graph. */
  private known(key: string): readonly string[] | undefined {
    return this.written.get(key) ?? this.outer?.known(key)
  }

  private fresh(stem: string): string {
    return `${stem}_${this.names.count++}`
  }

  private node(
    type: string,
    domain: string,
    inputs: string[],
    outputs: readonly string[],
    attributes: Attributes,
    rows: readonly TensorType[] = []
  ): void {
    const message = new ProtobufWriter()
    for (const each of inputs) message.bytes(1, each)
    for (const each of outputs) message.bytes(2, each)
    message.bytes(3, this.fresh(`${type}_node`)).bytes(4, type)
    for (const [name, attribute] of Object.entries(attributes)) message.bytes(5, this.attribute(name, attribute, rows))
    if (domain) message.bytes(7, domain)
    this.nodes.bytes(1, message)
  }

  private attribute(name: string, attribute: Attribute, rows: readonly TensorType[]): ProtobufWriter {
    const message = new ProtobufWriter().bytes(1, name)
    if (typeof attribute === 'number') return message.integer(3, attribute).integer(20, 2)
    if (typeof attribute === 'string') return message.bytes(4, attribute).integer(20, 3)
    if ('float' in attribute) return message.float(2, attribute.float).integer(20, 1)
    if ('node' in attribute) return message.bytes(6, this.branch(name, attribute, rows)).integer(20, 5)
    for (const each of attribute) message.integer(8, each)
    return message.integer(20, 7)
  }

  private branch(name: string, body: Expression, rows: readonly TensorType[]): ProtobufWriter {
    const graph = new GraphWriter(this, rows)
    graph.write([body])
    graph.output(this.fresh(name), body)
    return graph.finish(name)
  }
}

function rowType({ type, shape }: TensorType): TensorType {
  return { type, shape: shape.slice(1) }
}

function valueInfo(name: string, { type, shape }: TensorType): ProtobufWriter {
  const dimensions = new ProtobufWriter()
  for (const each of shape) {
    const dimension = new ProtobufWriter()
    if (typeof each === 'number') dimension.integer(1, each)
    else dimension.bytes(2, each)
    dimensions.bytes(1, dimension)
  }
  const tensorType = new ProtobufWriter().integer(1, onnxTypes[type]).bytes(2, dimensions)
  return new ProtobufWriter().bytes(1, name).bytes(2, new ProtobufWriter().bytes(1, tensorType))
}

function tensor(name: string, given: TensorData): ProtobufWriter {
  const message = new ProtobufWriter()
  for (const each of given.shape) message.integer(1, each)
  return message.integer(2, onnxTypes[given.type]).bytes(8, name).bytes(9, rawData(given))
}

/** Little-endian bytes of a tensor, in its own element type. */
function rawData({ type, data }: TensorData): Uint8Array {
  const typed =
    type === 'float32'
      ? data instanceof Float32Array
        ? data
        : Float32Array.from(data)
      : type === 'int32'
        ? Int32Array.from(data)
        : type === 'int64'
          ? BigInt64Array.from(data, (each) => BigInt(each))
          : Uint8Array.from(data)
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength)
}
