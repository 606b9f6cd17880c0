/**
 * The permutation `p` of largest sum of `gains[i, p(i)]`, of a square matrix row-major: the Hungarian method in n^3 steps
 * (Kuhn 1955; with potentials as Jonker and Volgenant 1987).
 */
export function bestPermutation(gains: Float64Array, n: number): Int32Array {
  // Rows and columns count from 1; column 0 holds the row that is being placed.
  const rowPotential = new Float64Array(n + 1)
  const columnPotential = new Float64Array(n + 1)
  const rowOf = new Int32Array(n + 1)
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row
    const slack = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY)
    const before = new Int32Array(n + 1)
    const seen = new Uint8Array(n + 1)
    let column = 0
    do {
      seen[column] = 1
      const current = rowOf[column] ?? 0
      let [least, next] = [Number.POSITIVE_INFINITY, 0]
      for (let each = 1; each <= n; each++) {
        if (seen[each]) continue
        const cost = -(gains[(current - 1) * n + each - 1] ?? Number.NaN)
        const reduced = cost - (rowPotential[current] ?? 0) - (columnPotential[each] ?? 0)
        if (reduced < (slack[each] ?? 0)) {
          slack[each] = reduced
          before[each] = column
        }
        if ((slack[each] ?? 0) < least) [least, next] = [slack[each] ?? 0, each]
      }
      for (let each = 0; each <= n; each++) {
        if (seen[each]) {
          const placed = rowOf[each] ?? 0
          rowPotential[placed] = (rowPotential[placed] ?? 0) + least
          columnPotential[each] = (columnPotential[each] ?? 0) - least
        } else slack[each] = (slack[each] ?? 0) - least
      }
      column = next
    } while (rowOf[column] !== 0)
    while (column !== 0) {
      const previous = before[column] ?? 0
      rowOf[column] = rowOf[previous] ?? 0
      column = previous
    }
  }
  const permutation = new Int32Array(n)
  for (let column = 1; column <= n; column++) permutation[(rowOf[column] ?? 0) - 1] = column - 1
  return permutation
}
