/** The cross entropy of each row, `logsumexp(logits) - logit of the target`, of logits that come in pieces. */
export class LogSums {
  /** Largest logits so far, sums of `exp(logit - largest)`, logits of the targets. */
  private readonly largest: Float64Array
  private readonly sums: Float64Array
  private readonly hits: Float64Array
  private readonly targets: Int32Array

  /** @param targets of the rows, -1 for none */
  constructor(rows: number, targets: Int32Array) {
    this.targets = targets
    this.largest = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY)
    this.sums = new Float64Array(rows)
    this.hits = new Float64Array(rows).fill(Number.NaN)
  }

  /** Logits of a row, from a token on. */
  add(row: number, token: number, logits: Float32Array): void {
    const target = (this.targets[row] ?? -1) - token
    if (target >= 0 && target < logits.length) this.hits[row] = logits[target] ?? Number.NaN
    const before = this.largest[row] ?? Number.NEGATIVE_INFINITY
    let most = before
    for (let i = 0; i < logits.length; i++) most = Math.max(most, logits[i] ?? most)
    let sum = (this.sums[row] ?? 0) * Math.exp(before - most)
    for (let i = 0; i < logits.length; i++) sum += Math.exp((logits[i] ?? 0) - most)
    this.largest[row] = most
    this.sums[row] = sum
  }

  /** `[rows]`; not a number for a row without a target. */
  nats(): Float64Array {
    return this.sums.map((sum, row) => Math.log(sum) + (this.largest[row] ?? 0) - (this.hits[row] ?? Number.NaN))
  }
}
