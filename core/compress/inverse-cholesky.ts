/**
 * The upper triangular `U` with `U^T U = H^-1` of a symmetric positive definite `H`, both row-major `[n, n]`. With rows and
 * columns in reverse order `H = L L^T`, and `U` is the inverse of `L` in that order. Throws a `RangeError` for a matrix that
 * is not positive definite.
 */
export function inverseCholesky(h: Float64Array, n: number): Float64Array {
  const reversed = h.toReversed()
  const inverse = inverseLower(lowerCholesky(reversed, n), n)
  return inverse.toReversed()
}

/** `L` with `L L^T = H` (Cholesky and Banachiewicz). */
function lowerCholesky(h: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n)
  const at = (row: number, column: number) => l[row * n + column] ?? Number.NaN
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = h[row * n + column] ?? Number.NaN
      for (let k = 0; k < column; k++) rest -= at(row, k) * at(column, k)
      if (row === column && !(rest > 0)) throw new RangeError('the matrix is not positive definite')
      l[row * n + column] = row === column ? Math.sqrt(rest) : rest / at(column, column)
    }
  }
  return l
}

/** The inverse of a lower triangular matrix, by forward substitution. */
function inverseLower(l: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n)
  for (let column = 0; column < n; column++) {
    for (let row = column; row < n; row++) {
      let rest = row === column ? 1 : 0
      for (let k = column; k < row; k++)
        rest -= (l[row * n + k] ?? Number.NaN) * (inverse[k * n + column] ?? Number.NaN)
      inverse[row * n + column] = rest / (l[row * n + row] ?? Number.NaN)
    }
  }
  return inverse
}
