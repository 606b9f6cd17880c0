/** Place of the first token in which two texts differ; the length of the shorter where it is the beginning of the other. */
export function firstDifference(one: readonly string[], other: readonly string[]): number {
  const first = one.findIndex((token, i) => token !== other[i])
  return first < 0 ? one.length : first
}
