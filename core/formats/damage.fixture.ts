import type { Random } from '../random'

const zero = '0'.charCodeAt(0)

/** One to four damages: bytes flipped, cut off, put in, taken out or repeated, and digits of numbers changed. */
export function damaged(seed: Uint8Array, random: Random): Uint8Array {
  let bytes = [...seed]
  for (let damage = random.integer(4); damage >= 0; damage--) {
    const at = random.integer(bytes.length + 1)
    const length = 1 + random.integer(8)
    const some = () => Array.from({ length }, () => random.integer(256))
    switch (random.integer(7)) {
      case 0:
        bytes[at] = random.integer(256)
        break
      case 1:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(8))
        break
      case 2:
        bytes = bytes.slice(0, at)
        break
      case 3:
        bytes.splice(at, 0, ...some())
        break
      case 4:
        bytes.splice(at, length)
        break
      case 5:
        bytes.splice(random.integer(bytes.length + 1), 0, ...bytes.slice(at, at + 8 * length))
        break
      default:
        changeNumber(bytes, at, random)
    }
  }
  return Uint8Array.from(bytes)
}

/** Changes the next digits at or after a place, or makes the number a very long one. */
function changeNumber(bytes: number[], at: number, random: Random): void {
  const isDigit = (byte: number | undefined) => byte !== undefined && byte >= zero && byte < zero + 10
  const found = bytes.findIndex((byte, i) => i >= at && isDigit(byte))
  if (found < 0) return
  const digits = Array.from({ length: random.integer(3) === 0 ? 9 : 1 }, () => zero + random.integer(10))
  bytes.splice(found, 1, ...digits)
}
