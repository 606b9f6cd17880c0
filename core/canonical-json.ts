/**
 * JSON with sorted keys and without undefined values, so that equal data is equal text: the `JSON.stringify` of plain data
 * whose objects have been made with their keys in the order of UTF-16 code units. Keys that are whole numbers come first,
 * by their value, as JavaScript has them.
 *
 * @param textOf canonical JSON of a part, by its key, for who knows it already
 */
export function canonicalJson(
  value: unknown,
  textOf: (part: unknown, key: string) => string = (part) => canonicalJson(part)
): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) {
    return `[${value.map((each: unknown) => (each === undefined ? 'null' : canonicalJson(each))).join()}]`
  }
  const of = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const key of sortedKeys(of)) {
    const each = of[key]
    if (each !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${textOf(each, key)}`
  }
  return `{${text}}`
}

function sortedKeys(of: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = Object.keys(of).sort()
  return keys.some((key) => /^\d/.test(key)) ? Object.keys(Object.fromEntries(keys.map((key) => [key, 0]))) : keys
}
