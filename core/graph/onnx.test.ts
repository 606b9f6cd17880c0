import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import type { Expression } from './expression'
import { capture, constant, input, scalar, weight } from './expression'
import { serialise } from './onnx'
import { add, constantInteger, exponential, greater, ifThenElse, multiply, negate, softmax, sum } from './operators'
import { operatorCases } from './operators/cases'
import { graphOf } from './operators/cases/case'
import { values } from './tensor'

const x = input('x', 'float32', ['rows', 2])
const operatorGraphs = Object.entries(operatorCases).flatMap(([operator, list]) =>
  list.map((each) => ({ name: `${operator}: ${each.name}`, outputs: graphOf(each) }))
)

test('the first bytes, by hand from onnx.proto', () => {
  const written = serialise({ y: exponential(input('x', 'float32', [2])) })
  const node = [
    0x0a,
    1,
    ...ascii('x'),
    0x12,
    5,
    ...ascii('Exp_0'),
    0x1a,
    10,
    ...ascii('Exp_node_1'),
    0x22,
    3,
    ...ascii('Exp')
  ]
  const head = [0x08, 10, 0x12, 8, ...ascii('moescope'), 0x3a]
  expect([...written.subarray(0, head.length)]).toEqual(head)
  expect([...written.subarray(head.length + 1, head.length + 3 + node.length)]).toEqual([0x0a, node.length, ...node])
})

test.each(operatorGraphs)('$name: every name is given once, and before it is used', ({ outputs }) => {
  const taken = new Set<string>()
  const { nodes } = modelOf(serialise(outputs), taken)
  expect(nodes.length).toBeGreaterThan(0)
  expect(new Set(nodes.map((each) => each.name)).size).toBe(nodes.length)
})

test('what computes the same is written once, equal small constants too', () => {
  const [a, b] = [0.5, 0.5].map((factor) => exponential(multiply(x, factor))) as [Expression, Expression]
  const { nodes, initialisers } = modelOf(serialise({ y: add(a, b) }))
  expect(nodes.map((each) => each.type)).toEqual(['Mul', 'Exp', 'Add', 'Identity'])
  expect(initialisers).toHaveLength(1)
})

test('what differs in type, shape, attributes or operands stays apart', () => {
  const ones = [scalar(1), constantInteger(1), constant(values('float32', [1], [1]))]
  expect(modelOf(serialise(Object.fromEntries(ones.entries()))).initialisers).toHaveLength(3)
  const different = [sum(x, [0]), sum(x, [1]), sum(x, [0], true), greater(x, 1), greater(scalar(1), x)]
  const { nodes } = modelOf(serialise(Object.fromEntries(different.entries())))
  expect(nodes.filter((each) => each.type !== 'Identity')).toHaveLength(5)
})

test('weights keep their names and bytes; integers are whole up to 2^53 and negative', () => {
  const bias = weight('bias', [2], Float32Array.of(9, 1.5, -2, 9).subarray(1, 3))
  const numbers = constant(values('int64', [2], [-1, 2 ** 53 - 1]))
  const { initialisers } = modelOf(serialise({ y: add(x, bias), z: add(numbers, numbers) }))
  expect(initialisers.map(({ dims }) => dims)).toEqual([[2n], [2n]])
  expect(initialisers[0]?.name).toBe('bias')
  expect([...new Float32Array(buffer(initialisers[0]?.raw))]).toEqual([1.5, -2])
  expect([...new BigInt64Array(buffer(initialisers[1]?.raw))]).toEqual([-1n, 2n ** 53n - 1n])
})

test('a negative attribute is a 64-bit two’s complement', () => {
  const [node] = modelOf(serialise({ y: softmax(x) })).nodes
  expect(node?.attributes).toEqual([{ name: 'axis', integer: 2n ** 64n - 1n }])
})

test('a branch computes from what it captures, and names nothing twice', async () => {
  const doubled = multiply(x, 2)
  const chosen = ifThenElse(
    greater(sum(x), 0),
    add(capture(doubled), multiply(capture(x), 2)),
    negate(capture(doubled))
  )
  const session = await InferenceSession.create(serialise({ y: add(chosen, doubled) }))
  const run = async (first: number) => [
    ...((await session.run({ x: new Tensor('float32', [first, 1], [1, 2]) })).y?.data ?? [])
  ]
  expect(await run(3)).toEqual([18, 6])
  expect(await run(-3)).toEqual([0, 0])
  expect(() => serialise({ y: capture(x) })).toThrow('capture() stands outside of a branch')
  expect(() => serialise({ y: ifThenElse(greater(sum(x), 0), x, capture(x)) })).toThrow("input 'x' must be captured")
})

/** The fields of a message: numbers and byte runs, as the wire format has them. */
function fields(bytes: Uint8Array): { field: number; value: bigint | Uint8Array }[] {
  const found: { field: number; value: bigint | Uint8Array }[] = []
  let position = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[position++]
      if (byte === undefined) throw new Error('the message is cut off')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  const run = (length: number): Uint8Array => {
    position += length
    if (position > bytes.length) throw new Error('the message is cut off')
    return bytes.subarray(position - length, position)
  }
  while (position < bytes.length) {
    const key = Number(varint())
    const wire = key & 7
    if (wire !== 0 && wire !== 2 && wire !== 5) throw new Error(`wire type ${wire}`)
    found.push({ field: key >> 3, value: wire === 0 ? varint() : run(wire === 5 ? 4 : Number(varint())) })
  }
  return found
}

interface ReadNode {
  name: string
  type: string
  attributes: { name: string; integer: bigint | undefined }[]
}

interface ReadGraph {
  nodes: ReadNode[]
  initialisers: { name: string; dims: bigint[]; raw: Uint8Array }[]
}

function modelOf(bytes: Uint8Array, taken = new Set<string>()): ReadGraph {
  return readGraph(parts(bytes, 7)[0] ?? new Uint8Array(), new Set(), taken)
}

/** Reads a graph, and throws when a name is given twice in the model or used before it is known. */
function readGraph(graph: Uint8Array, outer: ReadonlySet<string>, taken: Set<string>): ReadGraph {
  const known = new Set(outer)
  const give = (name: string): void => {
    if (taken.has(name)) throw new Error(`'${name}' is given twice`)
    taken.add(name)
    known.add(name)
  }
  const use = (name: string): void => {
    if (!known.has(name)) throw new Error(`'${name}' is used before it is known`)
  }
  for (const each of parts(graph, 11)) give(text(each, 1))
  const initialisers = parts(graph, 5).map((each) => {
    give(text(each, 8))
    return { name: text(each, 8), dims: integers(each, 1), raw: parts(each, 9)[0] ?? new Uint8Array() }
  })
  const nodes = parts(graph, 1).map((node) => {
    for (const each of parts(node, 1)) use(decoder.decode(each))
    for (const branch of parts(node, 5).flatMap((each) => parts(each, 6))) readGraph(branch, known, taken)
    for (const each of parts(node, 2)) give(decoder.decode(each))
    const attributes = parts(node, 5).map((each) => ({ name: text(each, 1), integer: integers(each, 3)[0] }))
    return { name: text(node, 3), type: text(node, 4), attributes }
  })
  for (const each of parts(graph, 12)) use(text(each, 1))
  return { nodes, initialisers }
}

function parts(message: Uint8Array, field: number): Uint8Array[] {
  return fields(message).flatMap((each) => (each.field === field && typeof each.value !== 'bigint' ? [each.value] : []))
}

function integers(message: Uint8Array, field: number): bigint[] {
  return fields(message).flatMap((each) => (each.field === field && typeof each.value === 'bigint' ? [each.value] : []))
}

function text(message: Uint8Array, field: number): string {
  return decoder.decode(parts(message, field)[0])
}

function ascii(content: string): Uint8Array {
  return new TextEncoder().encode(content)
}

function buffer(bytes: Uint8Array | undefined): ArrayBuffer {
  return Uint8Array.from(bytes ?? []).buffer
}

const decoder = new TextDecoder()
