/** Writer of the protocol buffers wire format, as far as ONNX needs it. */
export class ProtobufWriter {
  private readonly parts: Uint8Array[] = []
  /** Bytes written. */
  length = 0

  /** A varint field: integers (negative ones in ten bytes), booleans, enums. */
  integer(field: number, value: number | bigint): this {
    this.varint((field << 3) | 0)
    this.varint(value)
    return this
  }

  /** A fixed 32-bit float field. */
  float(field: number, value: number): this {
    this.varint((field << 3) | 5)
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    this.append(bytes)
    return this
  }

  /** A length-delimited field: bytes, a text, or a nested message. Nothing is copied until `finish`. */
  bytes(field: number, value: Uint8Array | string | ProtobufWriter): this {
    const content = typeof value === 'string' ? encoder.encode(value) : value
    this.varint((field << 3) | 2)
    this.varint(content.length)
    return this.append(content)
  }

  /** What another writer has written, as it is. */
  append(content: Uint8Array | ProtobufWriter): this {
    if (content instanceof ProtobufWriter) for (const part of content.parts) this.parts.push(part)
    else this.parts.push(content)
    this.length += content.length
    return this
  }

  /** Everything written so far, in one array. */
  finish(): Uint8Array {
    const out = new Uint8Array(this.length)
    let position = 0
    for (const part of this.parts) {
      out.set(part, position)
      position += part.length
    }
    return out
  }

  private varint(value: number | bigint): void {
    let rest = BigInt.asUintN(64, BigInt(value))
    const bytes: number[] = []
    do {
      const low = Number(rest & 127n)
      rest >>= 7n
      bytes.push(rest > 0n ? low | 128 : low)
    } while (rest > 0n)
    this.append(Uint8Array.from(bytes))
  }
}

const encoder = new TextEncoder()
