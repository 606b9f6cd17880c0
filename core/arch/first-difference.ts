/** A place where two values differ: keys from the outside in, joined by points, and what each value has there. */
export type ValueDifference = readonly [path: string, a: unknown, b: unknown]

/** The first place where two values of plain objects and arrays differ. */
export function firstDifference(a: unknown, b: unknown, path = ''): ValueDifference | undefined {
  if (Object.is(a, b)) return undefined
  if (!isObject(a) || !isObject(b)) return [path, a, b]
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const difference = firstDifference(a[key], b[key], path === '' ? key : `${path}.${key}`)
    if (difference) return difference
  }
  return undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
