import type { Random } from '../random'

export interface SamplerSettings {
  /** 0 always takes the most probable token. */
  readonly temperature: number
  /** Probability that the tokens considered have together, in (0, 1]. */
  readonly topP: number
}

/**
 * Chooses the next token: softmax at a temperature, then nucleus sampling (Holtzman et al. 2020, "The Curious Case of
 * Neural Text Degeneration"): the most probable tokens until their probability reaches `topP`. One number is drawn for
 * every token, also where nothing is left to chance, so that a seed means the same at every setting.
 */
export function sample(logits: Float32Array, { temperature, topP }: SamplerSettings, random: Random): number {
  const drawn = random.uniform()
  return temperature === 0 ? largestOf(logits) : draw(softmax(logits, temperature), topP, drawn)
}

function largestOf(logits: Float32Array): number {
  let best = 0
  for (let i = 1; i < logits.length; i++) if ((logits[i] ?? 0) > (logits[best] ?? 0)) best = i
  return best
}

/** Probabilities of logits at a temperature above 0. */
export function softmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  const probabilities = new Float64Array(logits.length)
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) largest = Math.max(largest, logits[i] ?? largest)
  let sum = 0
  for (let i = 0; i < logits.length; i++) {
    const weight = Math.exp(((logits[i] ?? largest) - largest) / temperature)
    probabilities[i] = weight
    sum += weight
  }
  for (let i = 0; i < logits.length; i++) probabilities[i] = (probabilities[i] ?? 0) / sum
  return probabilities
}

function draw(probabilities: Float64Array, topP: number, drawn: number): number {
  const nucleus = topP < 1 ? nucleusOf(probabilities, topP) : undefined
  let left = drawn * (nucleus?.probability ?? 1)
  let token = 0
  for (let i = 0; i < (nucleus?.tokens.length ?? probabilities.length); i++) {
    token = nucleus?.tokens[i] ?? i
    left -= probabilities[token] ?? 0
    if (left < 0) break
  }
  return token
}

/** The most probable tokens that together have `topP`. */
function nucleusOf(probabilities: Float64Array, topP: number): { tokens: number[]; probability: number } {
  const tokens = Array.from(probabilities.keys()).sort(
    (a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b
  )
  let probability = 0
  let count = 0
  while (count < tokens.length && probability < topP) probability += probabilities[tokens[count++] ?? 0] ?? 0
  return { tokens: tokens.slice(0, count), probability }
}
