/** Agreement of a published figure with the counted one. */
export interface Agreement {
  /** (counted - published) / published. */
  readonly difference: number
  /** True when rounding or truncating the counted figure to the same digits gives the published one. */
  readonly agrees: boolean
}

/** Compares a published figure with a counted one; zeros at its end are taken for digits that were not given. */
export function agreementOf(published: number, counted: number): Agreement {
  const unit = lastDigit(published)
  const agrees = [Math.round, Math.floor, Math.ceil].some((cut) => cut(counted / unit) * unit === published)
  return { difference: counted / published - 1, agrees }
}

/** The power of ten of the last digit that is not 0. */
function lastDigit(value: number): number {
  let unit = 1
  while (value % (unit * 10) === 0) unit *= 10
  return unit
}
