/**
 * A reader of Python pickles that builds data and runs nothing. Of the objects that a pickle can ask Python to import,
 * only those that the caller knows are built, by the caller; any other is refused by name. The opcodes are those of
 * Python's `pickletools`. https://docs.python.org/3/library/pickle.html#data-stream-format
 */
import { FormatError } from './format-error'

/** Lists and tuples are arrays, dicts are maps; what the caller builds is an object of its own. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | object

export interface PickleOptions {
  /** For messages. */
  readonly name: string
  /**
   * The value for an imported object such as `torch._utils _rebuild_tensor_v2`; undefined refuses it. A function
   * is what the pickle may call.
   */
  global(name: string): PickleFunction | object | undefined
  /** The value for an id that the pickle's writer gave to things outside of it. */
  persistent(id: PickleValue): PickleValue
  /** Sets the state (`BUILD`) of what the caller built; false refuses it. By default all is refused. */
  build?(target: PickleValue, state: PickleValue): boolean
}

export type PickleFunction = (args: readonly PickleValue[]) => PickleValue

/** Values that one pickle may build: well above any trace, and well below what would fill the memory. */
const mostContainers = 1_000_000
const mostValues = 24_000_000

/**
 * The value of a pickle of protocols 2 to 5. Throws a `FormatError` for anything that it does not know: an import that
 * `global` refuses, a call of anything else, a state that `build` refuses, an opcode of older protocols.
 */
export function readPickle(bytes: Uint8Array, options: PickleOptions): PickleValue {
  const machine = new Machine(bytes, options)
  try {
    return machine.run()
  } catch (error) {
    // Reading beyond the last byte.
    if (error instanceof RangeError) throw machine.error('it is truncated', error)
    throw error
  }
}

class Machine {
  private readonly data: DataView
  private at = 0
  private containers = 0
  private values = 0
  private stack: PickleValue[] = []
  private readonly marked: PickleValue[][] = []
  private readonly memo = new Map<number, PickleValue>()
  private readonly bytes: Uint8Array
  private readonly options: PickleOptions

  constructor(bytes: Uint8Array, options: PickleOptions) {
    this.bytes = bytes
    this.options = options
    this.data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  error(problem: string, cause?: unknown): FormatError {
    return new FormatError(`${this.options.name}: pickle, byte ${this.at}: ${problem}`, { cause })
  }

  run(): PickleValue {
    for (;;) {
      const opcode = this.u8()
      if (opcode === 0x2e) return this.pop() // STOP
      this.step(opcode)
    }
  }

  private step(opcode: number): void {
    switch (opcode) {
      case 0x80: // PROTO
        this.protocol(this.u8())
        return
      case 0x95: // FRAME
        this.skip(8)
        return
      case 0x4e: // NONE
        return this.push(null)
      case 0x88: // NEWTRUE
        return this.push(true)
      case 0x89: // NEWFALSE
        return this.push(false)
      case 0x4b: // BININT1
        return this.push(this.u8())
      case 0x4d: // BININT2
        return this.push(this.data.getUint16(this.skip(2), true))
      case 0x4a: // BININT
        return this.push(this.data.getInt32(this.skip(4), true))
      case 0x8a: // LONG1
        return this.push(this.long(this.u8()))
      case 0x8b: // LONG4
        return this.push(this.long(this.u32()))
      case 0x47: // BINFLOAT
        return this.push(this.data.getFloat64(this.skip(8), false))
      case 0x8c: // SHORT_BINUNICODE
        return this.push(this.text(this.u8()))
      case 0x58: // BINUNICODE
        return this.push(this.text(this.u32()))
      case 0x8d: // BINUNICODE8
        return this.push(this.text(this.u64()))
      case 0x55: // SHORT_BINSTRING
        return this.push(this.text(this.u8()))
      case 0x43: // SHORT_BINBYTES
        return this.push(this.take(this.u8()))
      case 0x42: // BINBYTES
        return this.push(this.take(this.u32()))
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.push(this.take(this.u64()))
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return this.push(this.container([]))
      case 0x7d: // EMPTY_DICT
        return this.push(this.container(new Map()))
      case 0x28: // MARK
        this.marked.push(this.container<PickleValue[]>(this.stack))
        this.stack = []
        return
      case 0x30: // POP
        if (this.stack.length > 0) this.stack.pop()
        else this.popMark()
        return
      case 0x31: // POP_MARK
        this.popMark()
        return
      case 0x32: // DUP
        return this.push(this.top())
      case 0x74: // TUPLE
      case 0x6c: // LIST
        return this.push(this.container(this.popMark()))
      case 0x85: // TUPLE1
        return this.tuple(1)
      case 0x86: // TUPLE2
        return this.tuple(2)
      case 0x87: // TUPLE3
        return this.tuple(3)
      case 0x64: // DICT
        return this.dict()
      case 0x61: // APPEND
        return this.append([this.pop()])
      case 0x65: // APPENDS
        return this.append(this.popMark())
      case 0x73: // SETITEM
        return this.setItems([this.pop(), this.pop()].reverse())
      case 0x75: // SETITEMS
        return this.setItems(this.popMark())
      case 0x71: // BINPUT
        this.memo.set(this.u8(), this.top())
        return
      case 0x72: // LONG_BINPUT
        this.memo.set(this.u32(), this.top())
        return
      case 0x94: // MEMOIZE
        this.memo.set(this.memo.size, this.top())
        return
      case 0x68: // BINGET
        return this.remember(this.u8())
      case 0x6a: // LONG_BINGET
        return this.remember(this.u32())
      case 0x63: // GLOBAL
        return this.import(`${this.line()} ${this.line()}`)
      case 0x93: // STACK_GLOBAL
        return this.importFromStack()
      case 0x51: // BINPERSID
        return this.push(this.options.persistent(this.pop()))
      case 0x52: // REDUCE
        return this.call()
      case 0x81: // NEWOBJ
        return this.create(opcode)
      case 0x62: // BUILD
        return this.build(opcode)
      default:
        throw this.unread(opcode)
    }
  }

  private unread(opcode: number): FormatError {
    this.at--
    return this.error(`opcode 0x${opcode.toString(16).padStart(2, '0')} is not read: only plain data and tensors are`)
  }

  private create(opcode: number): void {
    const [type, args] = this.stack.slice(-2)
    if (typeof type !== 'function' || !Array.isArray(args)) throw this.unread(opcode)
    this.call()
  }

  private build(opcode: number): void {
    const [target, state] = this.stack.slice(-2)
    if (target === undefined || state === undefined || !this.options.build?.(target, state)) throw this.unread(opcode)
    this.pop()
  }

  private protocol(version: number): void {
    if (version < 2 || version > 5) throw this.error(`protocol: expected 2 to 5, found ${version}`)
  }

  private dict(): void {
    const items = this.popMark()
    this.push(this.container(new Map()))
    this.setItems(items)
  }

  private append(items: readonly PickleValue[]): void {
    const list = this.top()
    if (!Array.isArray(list)) throw this.error('it appends to what is no list')
    for (const item of items) list.push(item)
  }

  private setItems(items: readonly PickleValue[]): void {
    const dict = this.top()
    if (!(dict instanceof Map)) throw this.error('it sets an item of what is no dict')
    if (items.length % 2 === 1) throw this.error('it sets a key without a value')
    for (let i = 0; i < items.length; i += 2) dict.set(items[i] ?? null, items[i + 1] ?? null)
  }

  private remember(place: number): void {
    const value = this.memo.get(place)
    if (value === undefined) throw this.error(`it asks for memo ${place}, which was not set`)
    this.push(value)
  }

  private importFromStack(): void {
    const name = this.pop()
    const module = this.pop()
    if (typeof module !== 'string' || typeof name !== 'string') throw this.error('it imports what has no name')
    this.import(`${module} ${name}`)
  }

  private import(name: string): void {
    const found = this.options.global(name)
    if (found === undefined) {
      throw this.error(
        `it asks Python for '${name.replace(' ', '.')}', which is no part of a trace: refused; load it in Python, if you ` +
          'trust it, and save its tensors or lists alone with torch.save'
      )
    }
    this.push(found)
  }

  private call(): void {
    const args = this.pop()
    const callee = this.pop()
    if (typeof callee !== 'function' || !Array.isArray(args)) throw this.error('it calls what cannot be called')
    this.push(this.container((callee as PickleFunction)(args)))
  }

  private push(value: PickleValue): void {
    if (++this.values > mostValues) throw this.error(`it builds more than ${mostValues} values`)
    this.stack.push(value)
  }

  private container<T>(value: T): T {
    if (++this.containers > mostContainers) throw this.error(`it builds more than ${mostContainers} lists and dicts`)
    return value
  }

  private pop(): PickleValue {
    const value = this.stack.pop()
    if (value === undefined) throw this.error('its stack is empty')
    return value
  }

  private top(): PickleValue {
    const value = this.stack.at(-1)
    if (value === undefined) throw this.error('its stack is empty')
    return value
  }

  private popMark(): PickleValue[] {
    const items = this.stack
    const below = this.marked.pop()
    if (!below) throw this.error('a mark is missing')
    this.stack = below
    return items
  }

  private tuple(length: number): void {
    if (this.stack.length < length) throw this.error('its stack is empty')
    this.push(this.container(this.stack.splice(-length)))
  }

  /** Two's complement, little-endian, of any length. */
  private long(length: number): number | bigint {
    const bytes = this.take(length)
    if (length > 8) throw this.error(`a whole number of ${length} bytes, expected at most 8`)
    let value = 0n
    for (const [i, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * i)
    const signed = BigInt.asIntN(8 * length, value)
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
  }

  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.at)
    if (end < 0) throw this.error('it is truncated')
    const text = this.text(end - this.at)
    this.at++
    return text
  }

  private text(length: number): string {
    return new TextDecoder().decode(this.take(length))
  }

  private take(length: number): Uint8Array {
    const begin = this.skip(length)
    return this.bytes.subarray(begin, begin + length)
  }

  /** Passes bytes; returns where they begin. */
  private skip(length: number): number {
    const begin = this.at
    if (length > this.bytes.length - begin) throw this.error('it is truncated')
    this.at += length
    return begin
  }

  private u8(): number {
    return this.data.getUint8(this.skip(1))
  }

  private u32(): number {
    return this.data.getUint32(this.skip(4), true)
  }

  private u64(): number {
    return Number(this.data.getBigUint64(this.skip(8), true))
  }
}
