/**
 * The non-increasing sequence nearest to `values` in weighted least squares, by pooling adjacent violators (Ayer et
 * al. 1955): a value that is not below the one before is merged with it into their weighted mean, so a stretch without
 * improvement comes out as exactly equal values.
 */
export function nonIncreasing(values: readonly number[], weights: readonly number[]): number[] {
  const blocks: Block[] = []
  for (const [i, value] of values.entries()) {
    let block: Block = { value, weight: weights[i] ?? 1, length: 1 }
    for (let last = blocks.at(-1); last && last.value <= block.value; last = blocks.at(-1)) {
      blocks.pop()
      const weight = last.weight + block.weight
      block = {
        value: (last.value * last.weight + block.value * block.weight) / weight,
        weight,
        length: last.length + block.length
      }
    }
    blocks.push(block)
  }
  return blocks.flatMap(({ value, length }) => new Array<number>(length).fill(value))
}

interface Block {
  readonly value: number
  readonly weight: number
  readonly length: number
}
