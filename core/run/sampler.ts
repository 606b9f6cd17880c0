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
export function softmax(logits: Float32Array, temperature = 1): Float64Array {
  const scaled = Float64Array.from(logits, (each) => each / temperature)
  const total = logSumExp(scaled)
  return scaled.map((each) => Math.exp(each - total))
}

/** `log(sum(exp(x)))`, stable for large values. */
export function logSumExp(x: ArrayLike<number>): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, x[i] ?? largest)
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += Math.exp((x[i] ?? largest) - largest)
  return largest + Math.log(sum)
}

function draw(probabilities: Float64Array, topP: number, drawn: number): number {
  const { tokens, probability } = nucleusOf(probabilities, topP)
  let left = drawn * probability
  for (const token of tokens) {
    left -= probabilities[token] ?? 0
    if (left < 0) return token
  }
  return tokens.at(-1) ?? 0
}

/** The most probable tokens that together have `topP`; in the order of their numbers where that is all of them. */
function nucleusOf(probabilities: Float64Array, topP: number): { tokens: number[]; probability: number } {
  const tokens = Array.from(probabilities.keys())
  if (topP >= 1) return { tokens, probability: 1 }
  tokens.sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b)
  let probability = 0
  let count = 0
  while (count < tokens.length && probability < topP) probability += probabilities[tokens[count++] ?? 0] ?? 0
  return { tokens: tokens.slice(0, count), probability }
}
