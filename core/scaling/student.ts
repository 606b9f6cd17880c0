/**
 * The t for which a Student variable lies within -t to t with a probability, for whole degrees of freedom; the
 * distribution is the finite sum of Abramowitz and Stegun 1964, 26.7.3 and 26.7.4. Throws a `RangeError` when the
 * degrees of freedom are not a whole number of 1 or more, or the probability is not between 0 and 1.
 */
export function studentQuantile(probability: number, freedom: number): number {
  if (!(Number.isInteger(freedom) && freedom >= 1)) {
    throw new RangeError(`degrees of freedom: expected a whole number of 1 or more, found ${freedom}`)
  }
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`probability: expected a number between 0 and 1, found ${probability}`)
  }
  // Newton's method: the probability is concave in the angle, so that no step from below leads past the root.
  const steepest = steepestSlope(freedom)
  let [angle, step] = [0, 1]
  while (step > 1e-14 * angle) {
    step = (probability - within(angle, freedom)) / (steepest * Math.cos(angle) ** (freedom - 1))
    angle += step
  }
  return Math.sqrt(freedom) * Math.tan(angle)
}

/** Derivative of `within` at 0, 2 gamma((f + 1) / 2) / (sqrt(pi) gamma(f / 2)); at an angle it is times cos^(f - 1). */
function steepestSlope(freedom: number): number {
  let slope = freedom % 2 === 1 ? 2 / Math.PI : 1
  for (let f = 2 - (freedom % 2); f < freedom; f += 2) slope *= (f + 1) / f
  return slope
}

/** Probability that a Student variable is at most sqrt(freedom) tan(angle) in absolute value. */
function within(angle: number, freedom: number): number {
  const odd = freedom % 2 === 1
  const cosine = Math.cos(angle)
  let term = odd ? cosine : 1
  let sum = freedom === 1 ? 0 : term
  for (let j = odd ? 3 : 2; j <= freedom - 2; j += 2) {
    term *= ((j - 1) / j) * cosine * cosine
    sum += term
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
}
