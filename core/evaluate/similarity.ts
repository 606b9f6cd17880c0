/**
 * Measures of the change that layers make to what runs through them. Activations are rows of one token each,
 * `[tokens, width]`.
 */

/**
 * Block influence of a layer: `1 - mean cos(x, y)` of its input and output, over tokens (Men et al. 2024, "ShortGPT",
 * arXiv 2403.03853). 0 for a layer that changes no direction.
 */
export function blockInfluence(x: Float32Array, y: Float32Array, width: number): number {
  return 1 - meanOver(x.length / width, (token) => cosine(x, y, token * width, width))
}

/**
 * Angular distance `arccos(cos(x, y)) / pi`, the mean over tokens (Gromov et al. 2024, arXiv 2403.17887; they
 * take the last token of each sequence, here all count). 0 for the same direction, 1 for the opposite.
 */
export function angularDistance(x: Float32Array, y: Float32Array, width: number): number {
  const angle = (token: number) => Math.acos(Math.min(1, Math.max(-1, cosine(x, y, token * width, width))))
  return meanOver(x.length / width, angle) / Math.PI
}

/**
 * Linear centred kernel alignment `norm(Y^T X)^2 / (norm(X^T X) norm(Y^T Y))` with Frobenius norms, of columns less their
 * means (Kornblith et al. 2019, arXiv 1905.00414, section 3). 1 where one is the other rotated and scaled; NaN where one
 * does not vary.
 */
export function linearCka(x: Float32Array, y: Float32Array, tokens: number): number {
  const [a, b] = [centred(x, tokens), centred(y, tokens)]
  const alignment = (left: Float64Array, right: Float64Array) => {
    const product = crossProduct(left, right, tokens)
    return product.reduce((sum, each) => sum + each * each, 0)
  }
  return alignment(b, a) / Math.sqrt(alignment(a, a) * alignment(b, b))
}

function meanOver(count: number, value: (i: number) => number): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += value(i)
  return sum / count
}

function cosine(x: Float32Array, y: Float32Array, from: number, width: number): number {
  let [xy, xx, yy] = [0, 0, 0]
  for (let i = from; i < from + width; i++) {
    const [a, b] = [x[i] ?? Number.NaN, y[i] ?? Number.NaN]
    xy += a * b
    xx += a * a
    yy += b * b
  }
  return xy / Math.sqrt(xx * yy)
}

function centred(x: Float32Array, tokens: number): Float64Array {
  const width = x.length / tokens
  const result = Float64Array.from(x)
  for (let column = 0; column < width; column++) {
    const mean = meanOver(tokens, (token) => x[token * width + column] ?? Number.NaN)
    for (let token = 0; token < tokens; token++) {
      result[token * width + column] = (x[token * width + column] ?? Number.NaN) - mean
    }
  }
  return result
}

/** `left^T right`. */
function crossProduct(left: Float64Array, right: Float64Array, tokens: number): Float64Array {
  const [rows, columns] = [left.length / tokens, right.length / tokens]
  const product = new Float64Array(rows * columns)
  for (let token = 0; token < tokens; token++) {
    for (let row = 0; row < rows; row++) {
      const value = left[token * rows + row] ?? Number.NaN
      for (let column = 0; column < columns; column++) {
        const at = row * columns + column
        product[at] = (product[at] ?? Number.NaN) + value * (right[token * columns + column] ?? Number.NaN)
      }
    }
  }
  return product
}
