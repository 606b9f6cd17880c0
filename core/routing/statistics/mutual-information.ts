import { createRandom } from '../../random'

/** Mutual information of a token's label with its expert; all in bits. */
export interface MutualInformation {
  /** As counted: never below 0, and too large, the more so the fewer choices there are for each label and expert. */
  readonly plugIn: number
  /** About what is counted for labels that tell nothing, for as many choices of each label and these loads. */
  readonly chance: number
  /** `plugIn - chance`: near 0, on either side of it, for labels that tell nothing. */
  readonly corrected: number
  /** Entropy of the experts and of the labels as counted: no information can be more. */
  readonly expertEntropy: number
  readonly labelEntropy: number
  /** Choices that were counted. */
  readonly samples: number
}

/** Adds up a table of counts, row by row. */
export interface Contingency {
  /** The counts of one label: `[experts]`, which begin at `start`. */
  add(counts: ArrayLike<number>, start?: number): void
  result(): MutualInformation
}

/**
 * Mutual information I(X; Y) = H(X) + H(Y) - H(X, Y) of a table of counts [labels, experts] (Shannon 1948; Cover and
 * Thomas, "Elements of Information Theory", equation 2.45). Random routing gives 0 bits in the limit. What chance gives
 * is drawn, with a seed, for labels of few choices: their bias is beyond the correction of Miller 1955 ("Note on
 * the bias of information estimates"), which is used for labels of many. NaN where nothing was counted.
 */
export function contingency(experts: number): Contingency {
  const columns = new Float64Array(experts)
  const rows: number[] = []
  let samples = 0
  let cellTerms = 0
  return {
    add: (counts, start = 0) => {
      let inRow = 0
      for (let expert = 0; expert < experts; expert++) {
        const count = counts[start + expert] ?? 0
        if (count === 0) continue
        columns[expert] = (columns[expert] ?? 0) + count
        inRow += count
        if (count > 1) cellTerms += term(count)
      }
      if (inRow === 0) return
      samples += inRow
      rows.push(inRow)
    },
    result: () => {
      const entropy = (terms: number) => Math.max(0, Math.log2(samples) - terms / samples)
      const expertEntropy = entropy(columns.reduce((sum, count) => sum + term(count), 0))
      const labelEntropy = entropy(rows.reduce((sum, count) => sum + term(count), 0))
      const plugIn = Math.max(0, expertEntropy + labelEntropy - entropy(cellTerms))
      const chance = chanceOf(rows, columns, samples)
      return { plugIn, chance, corrected: plugIn - chance, expertEntropy, labelEntropy, samples }
    }
  }
}

/** n log n, of which entropies are made: H = log N - sum n log n / N. */
function term(count: number): number {
  return count > 0 ? count * Math.log2(count) : 0
}

/** Choices for each expert from which Miller's correction of a label is as good as a draw. */
const manyChoices = 32

/** Choices that are drawn at least, so that chance is told well of small tables, too. */
const minDrawn = 20_000

/**
 * The plug-in information of labels that tell nothing: the mean divergence of a label's shares from the loads, less
 * that of all choices together, which the loads are fitted to. Of n choices it is about (m - 1) / (2n ln 2) where n is
 * large, m being the experts that are used.
 */
function chanceOf(rows: readonly number[], columns: Float64Array, samples: number): number {
  if (samples === 0) return Number.NaN
  const many = manyChoices * columns.length
  const correction = (columns.filter((count) => count > 0).length - 1) / (2 * Math.LN2)
  const draw = createDraw(columns, samples, many)
  const draws = Math.ceil(minDrawn / samples)
  let sum = 0
  for (const count of rows) {
    if (count > many) sum += correction
    else for (let i = 0; i < draws; i++) sum += draw(count) / draws
  }
  return Math.max(0, (sum - correction) / samples)
}

/** Draws n choices by the loads; answers n times the divergence of their shares from the loads, in bits. */
function createDraw(columns: Float64Array, samples: number, most: number): (choices: number) => number {
  const { uniform } = createRandom(0, 'routing/information of chance')
  const experts = columns.length
  const { keep, alias } = aliasTable(columns, samples)
  const surprise = Float64Array.from(columns, (count) => -Math.log2(count / samples))
  // Increase of n log n of an expert by one more choice.
  const gain = Float64Array.from({ length: most }, (_, count) => term(count + 1) - term(count))
  const drawn = new Uint16Array(most)
  const counts = new Uint32Array(experts)
  return (choices) => {
    let sum = -term(choices)
    for (let i = 0; i < choices; i++) {
      const place = uniform() * experts
      const column = Math.floor(place)
      const expert = place - column < (keep[column] ?? 0) ? column : (alias[column] ?? 0)
      const count = counts[expert] ?? 0
      sum += (gain[count] ?? 0) + (surprise[expert] ?? 0)
      counts[expert] = count + 1
      drawn[i] = expert
    }
    for (let i = 0; i < choices; i++) counts[drawn[i] ?? 0] = 0
    return sum
  }
}

/** Draws by weights in constant time (Walker 1977; Vose 1991): of each column a part is its own, the rest another's. */
function aliasTable(weights: Float64Array, total: number) {
  const keep = weights.map((weight) => (weight * weights.length) / total)
  const alias = Uint16Array.from(weights, (_, column) => column)
  const under = [...keep.keys()].filter((column) => (keep[column] ?? 0) < 1)
  const over = [...keep.keys()].filter((column) => (keep[column] ?? 0) >= 1)
  for (let low = under.pop(), high = over.at(-1); low !== undefined && high !== undefined; ) {
    alias[low] = high
    const left = (keep[high] ?? 0) + (keep[low] ?? 0) - 1
    keep[high] = left
    if (left < 1) {
      over.pop()
      under.push(high)
    }
    low = under.pop()
    high = over.at(-1)
  }
  return { keep, alias }
}
