/** Index of the first entry of an increasing list that is above the value; the last one when none is. */
export function firstAbove(increasing: ArrayLike<number>, value: number): number {
  let low = 0
  let high = increasing.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((increasing[middle] ?? Number.POSITIVE_INFINITY) > value) high = middle
    else low = middle + 1
  }
  return low
}
