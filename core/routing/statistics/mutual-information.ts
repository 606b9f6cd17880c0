/** How much one label of a token tells about the expert it is sent to; all in bits. */
export interface MutualInformation {
  /** As counted: never below 0, and too large by about `(rows - 1)(E - 1) / (2 N ln 2)` for labels that tell nothing. */
  readonly plugIn: number
  /** With Miller's and Madow's correction of that bias; near 0, on either side of it, for labels that tell nothing. */
  readonly corrected: number
  /** Entropy of the experts and of the labels as counted: neither information can be more. */
  readonly expertEntropy: number
  readonly labelEntropy: number
  /** Choices that were counted. */
  readonly samples: number
}

/** Adds up a table of counts, row by row. */
export interface Contingency {
  /** The counts of one label: `[experts]`, or any stretch of them from `start` on. */
  add(counts: ArrayLike<number>, start?: number): void
  result(): MutualInformation
}

/**
 * Mutual information I(X; Y) = H(X) + H(Y) - H(X, Y) of a table of counts [labels, experts] (Shannon 1948; Cover and
 * Thomas, "Elements of Information Theory", equation 2.45). The corrected one adds (m - 1) / (2N) nats to each of the
 * three entropies, m being its cells that are not empty (Miller 1955, "Note on the bias of information estimates").
 * Labels that tell nothing (random routing) give 0 bits in the limit. NaN where nothing was counted.
 */
export function contingency(experts: number): Contingency {
  const columns = new Float64Array(experts)
  let samples = 0
  let rows = 0
  let cells = 0
  let rowTerms = 0
  let cellTerms = 0
  return {
    add: (counts, start = 0) => {
      let inRow = 0
      for (let expert = 0; expert < experts; expert++) {
        const count = counts[start + expert] ?? 0
        if (count === 0) continue
        columns[expert] = (columns[expert] ?? 0) + count
        inRow += count
        cells++
        cellTerms += count * Math.log2(count)
      }
      if (inRow === 0) return
      samples += inRow
      rows++
      rowTerms += inRow * Math.log2(inRow)
    },
    result: () => {
      let used = 0
      let columnTerms = 0
      for (const count of columns) {
        if (count === 0) continue
        used++
        columnTerms += count * Math.log2(count)
      }
      // H = log N - sum n log n / N.
      const entropy = (terms: number) => Math.max(0, Math.log2(samples) - terms / samples)
      const [expertEntropy, labelEntropy] = [entropy(columnTerms), entropy(rowTerms)]
      const plugIn = Math.max(0, expertEntropy + labelEntropy - entropy(cellTerms))
      const bias = (cells - rows - used + 1) / (2 * samples * Math.LN2)
      return { plugIn, corrected: plugIn - bias, expertEntropy, labelEntropy, samples }
    }
  }
}
