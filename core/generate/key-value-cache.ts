import { maskedScore } from '../model/causal'
import type { HostTensor } from '../runtime/backend'
import { float32 } from '../runtime/backend'

/**
 * Keys and values of the tokens read so far. They stay in this program's memory, one fixed block, and each step adds a
 * row: the graphs' shapes never change.
 */
export interface KeyValueCache {
  /** Tokens held. */
  readonly length: number
  /** `[2 * layers, heads, capacity, headSize]`. */
  readonly tensor: HostTensor
  /** `[1, capacity + 1]`: 0 for the tokens held and for the one being read. */
  readonly mask: HostTensor
  /** Adds `tokens` rows of a graph's `new_cache`, `[2 * layers, heads, tokens, headSize]`. */
  append(rows: Float32Array, tokens: number): void
  clear(): void
}

export function createKeyValueCache(layers: number, heads: number, capacity: number, headSize: number): KeyValueCache {
  const blocks = 2 * layers * heads
  const data = new Float32Array(blocks * capacity * headSize)
  const mask = new Float32Array(capacity + 1)
  const tensor = float32(data, [2 * layers, heads, capacity, headSize])
  const maskTensor = float32(mask, [1, capacity + 1])
  let length = 0
  const clear = () => {
    length = 0
    mask.fill(maskedScore)
    mask[capacity] = 0
  }
  clear()
  return {
    get length() {
      return length
    },
    tensor,
    mask: maskTensor,
    append: (rows, tokens) => {
      if (length + tokens > capacity) throw new RangeError(`the cache holds ${capacity} tokens and has ${length}`)
      const run = tokens * headSize
      for (let block = 0; block < blocks; block++) {
        data.set(rows.subarray(block * run, (block + 1) * run), (block * capacity + length) * headSize)
      }
      mask.fill(0, length, length + tokens)
      length += tokens
    },
    clear
  }
}
