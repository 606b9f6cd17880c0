/**
 * The only source of chance in the product: a small seeded generator.
 *
 * Every random choice (corpus, initial weights, batches, sampling) draws from one of these, so the same seed gives
 * the same run. Two streams with different labels are independent even when their seeds are equal.
 */
export interface Random {
  /** Uniform in [0, 1), with 32 random bits. */
  uniform(): number
  /** Uniform integer in [0, bound). */
  integer(bound: number): number
  /** Standard normal. */
  normal(): number
}

/**
 * A generator for a seed and a label that names what it is used for (`'corpus/train'`, `'weights'`, ...).
 * The sequence is sfc32 (PractRand), started from a 128-bit FNV-style hash of both.
 */
export function createRandom(seed: number, label: string): Random {
  let [a, b, c, counter] = hash(`${label}:${seed}`)
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (let i = 0; i < 12; i++) next()
  const uniform = () => next() / 4294967296
  return {
    uniform,
    integer: (bound) => Math.floor(uniform() * bound),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  }
}

function hash(text: string): [number, number, number, number] {
  const state: [number, number, number, number] = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b]
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    for (let i = 0; i < 4; i++) {
      const mixed = Math.imul((state[i] ?? 0) ^ (code + i * 0x9e37), 0x01000193 + 2 * i)
      state[i] = mixed ^ (mixed >>> 15)
    }
  }
  return state
}
