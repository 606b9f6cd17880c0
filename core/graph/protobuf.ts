/** Writer of the protocol buffers wire format, as far as ONNX needs it. */
export class ProtobufWriter {
  /** Bytes written before `open`: short fields together, long arrays as they were given. */
  private readonly parts: Uint8Array[] = []
  private open = new Uint8Array(firstRoom)
  private used = 0
  /** Bytes written. */
  length = 0

  /** A varint field: integers (negative ones in ten bytes), booleans, enums. */
  integer(field: number, value: number | bigint): this {
    this.varint(field << 3)
    this.varint(value)
    return this
  }

  /** A fixed 32-bit float field. */
  float(field: number, value: number): this {
    this.varint((field << 3) | 5)
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    return this.append(bytes)
  }

  /** A length-delimited field: bytes, a text, or a nested message. Long arrays are not copied until `finish`. */
  bytes(field: number, value: Uint8Array | string | ProtobufWriter): this {
    const content = typeof value === 'string' ? encoder.encode(value) : value
    this.varint((field << 3) | 2)
    this.varint(content.length)
    return this.append(content)
  }

  /** Appends the bytes of another writer. */
  append(content: Uint8Array | ProtobufWriter): this {
    if (content instanceof ProtobufWriter) for (const part of content.written()) this.take(part)
    else this.take(content)
    return this
  }

  /** Everything written so far, in one array. */
  finish(): Uint8Array {
    const out = new Uint8Array(this.length)
    let position = 0
    for (const part of this.written()) {
      out.set(part, position)
      position += part.length
    }
    return out
  }

  private written(): readonly Uint8Array[] {
    return [...this.parts, this.open.subarray(0, this.used)]
  }

  private take(bytes: Uint8Array): void {
    this.length += bytes.length
    if (bytes.length < longLength) {
      this.makeRoom(bytes.length)
      this.open.set(bytes, this.used)
      this.used += bytes.length
      return
    }
    this.parts.push(this.open.subarray(0, this.used), bytes)
    this.open = new Uint8Array(firstRoom)
    this.used = 0
  }

  private varint(value: number | bigint): void {
    this.makeRoom(longestVarint)
    const before = this.used
    let rest = value
    // Beyond 31 bits, and below 0, the bits are those of a 64-bit integer.
    if (typeof rest === 'bigint' || rest < 0 || rest > 0x7fff_ffff) {
      let wide = BigInt.asUintN(64, BigInt(rest))
      for (; wide > 0x7fn; wide >>= 7n) this.open[this.used++] = Number(wide & 0x7fn) | 0x80
      rest = Number(wide)
    }
    for (; rest > 0x7f; rest >>= 7) this.open[this.used++] = (rest & 0x7f) | 0x80
    this.open[this.used++] = rest
    this.length += this.used - before
  }

  private makeRoom(bytes: number): void {
    if (this.used + bytes <= this.open.length) return
    const larger = new Uint8Array(2 * (this.used + bytes))
    larger.set(this.open.subarray(0, this.used))
    this.open = larger
  }
}

const encoder = new TextEncoder()
/** Bytes that a writer has room for at first: most messages are shorter. */
const firstRoom = 128
/** From so many bytes on an array is kept as it is. */
const longLength = 4096
const longestVarint = 10
