/**
 * A value as text and back, with all that a structured clone keeps: undefined, bytes, maps, sets, dates, cycles.
 * Between the page and the main process there is only text here; Electron passes structured clones.
 */

/** Bytes as text and back: Node and the page have different quick ways. */
export interface Base64 {
  encode(bytes: Uint8Array): string
  decode(text: string): Uint8Array<ArrayBuffer>
}

type Encoded = null | boolean | number | string | readonly [tag: string, ...rest: readonly unknown[]]

const views: Readonly<Record<string, new (buffer: ArrayBuffer) => ArrayBufferView>> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView
}
const errors = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError }

/**
 * A value as text.
 *
 * @throws {DataCloneError} for what cannot be cloned, such as a function
 */
export function encode(value: unknown, base64: Base64): string {
  const nodes: Encoded[] = []
  const places = new Map<object, number>()
  place(structuredClone(value))
  return JSON.stringify(nodes)

  function place(each: unknown): number {
    const isObject = typeof each === 'object' && each !== null
    const known = isObject ? places.get(each) : undefined
    if (known !== undefined) return known
    const index = nodes.push(null) - 1
    if (isObject) places.set(each, index)
    nodes[index] = nodeOf(each)
    return index
  }

  function nodeOf(each: unknown): Encoded {
    switch (typeof each) {
      case 'undefined':
        return ['undefined']
      case 'bigint':
        return ['bigint', String(each)]
      case 'number':
        return Number.isFinite(each) && !Object.is(each, -0)
          ? each
          : ['number', Object.is(each, -0) ? '-0' : String(each)]
      case 'boolean':
      case 'string':
        return each
      default:
        return each === null ? null : objectNode(each as object)
    }
  }

  function objectNode(each: object): Encoded {
    if (Array.isArray(each)) return ['array', ...each.map(place)]
    if (each instanceof Map) return ['map', ...[...each].map(([key, of]) => [place(key), place(of)])]
    if (each instanceof Set) return ['set', ...[...each].map(place)]
    if (each instanceof Date) return ['date', each.getTime()]
    if (each instanceof RegExp) return ['pattern', each.source, each.flags]
    if (each instanceof Error) return ['error', each.name, each.message, each.stack]
    if (each instanceof ArrayBuffer) return ['ArrayBuffer', base64.encode(new Uint8Array(each))]
    if (ArrayBuffer.isView(each)) {
      return [each.constructor.name, base64.encode(new Uint8Array(each.buffer, each.byteOffset, each.byteLength))]
    }
    if (Object.getPrototypeOf(each) !== Object.prototype) {
      throw new Error(`the Electron double cannot pass a ${each.constructor.name} between page and main process`)
    }
    return ['object', ...Object.entries(each).map(([key, of]) => [key, place(of)])]
  }
}

function isTagged(node: Encoded | undefined): node is Extract<Encoded, readonly unknown[]> {
  return Array.isArray(node)
}

/** The value of a text that `encode` gave. */
export function decode(text: string, base64: Base64): unknown {
  const nodes = JSON.parse(text) as readonly Encoded[]
  const made = new Map<number, unknown>()
  return at(0)

  function at(index: number): unknown {
    if (made.has(index)) return made.get(index)
    const node = nodes[index]
    return isTagged(node) ? build(index, node) : keep(index, node)
  }

  function keep<T>(index: number, value: T): T {
    made.set(index, value)
    return value
  }

  function build(index: number, [tag, ...rest]: readonly [string, ...(readonly unknown[])]): unknown {
    switch (tag) {
      case 'undefined':
        return keep(index, undefined)
      case 'bigint':
        return keep(index, BigInt(String(rest[0])))
      case 'number':
        return keep(index, Number(rest[0]))
      case 'date':
        return keep(index, new Date(Number(rest[0])))
      case 'pattern':
        return keep(index, new RegExp(String(rest[0]), String(rest[1])))
      case 'array': {
        const array = keep<unknown[]>(index, [])
        for (const each of rest) array.push(at(Number(each)))
        return array
      }
      case 'set': {
        const set = keep(index, new Set())
        for (const each of rest) set.add(at(Number(each)))
        return set
      }
      case 'map': {
        const map = keep(index, new Map())
        for (const [key, of] of rest as [number, number][]) map.set(at(key), at(of))
        return map
      }
      case 'object': {
        const object = keep<Record<string, unknown>>(index, {})
        for (const [key, of] of rest as [string, number][]) {
          // Not by assignment: a key may be __proto__.
          Object.defineProperty(object, key, { value: at(of), writable: true, enumerable: true, configurable: true })
        }
        return object
      }
      case 'error':
        return keep(index, errorOf(rest.map(String)))
      default:
        return keep(index, bytesOf(tag, base64.decode(String(rest[0]))))
    }
  }
}

function errorOf([name = 'Error', message = '', stack = '']: readonly string[]): Error {
  const Class = name in errors ? errors[name as keyof typeof errors] : Error
  return Object.defineProperty(new Class(message), 'stack', { value: stack, writable: true, configurable: true })
}

function bytesOf(type: string, bytes: Uint8Array<ArrayBuffer>): ArrayBuffer | ArrayBufferView {
  // A buffer of its own: Node's bytes lie in a larger one.
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  if (type === 'ArrayBuffer') return buffer
  const View = views[type]
  if (View) return new View(buffer)
  throw new Error(`expected a kind of value that the Electron double passes, found '${type}'`)
}
