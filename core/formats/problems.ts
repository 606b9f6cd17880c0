/** Problems of a value from outside, in words; the only place that reads the issues of a schema. */
import type { z } from 'zod'
import { FormatError } from './format-error'

/** Problems that are named; a list may be wrong throughout. */
const mostProblems = 5

/**
 * The first problems that a schema found, each with the path of its field (`a.1: expected number`), and how many more
 * there are.
 *
 * @param names of fields as the file spells them, where that is not as the schema does
 */
export function problemsOf({ issues }: z.ZodError, names: Readonly<Record<string, string>> = {}): string {
  const shown = issues.slice(0, mostProblems).map(({ path: [field, ...rest], message }) => {
    const path = field === undefined ? [] : [names[String(field)] ?? field, ...rest]
    return path.length === 0 ? message : `${path.join('.')}: ${message}`
  })
  const more = issues.length - shown.length
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

/**
 * A value by its schema. Throws a `FormatError` that names the fields, what was expected and what was found.
 *
 * @param place begins the message, up to the first field: `line 3: `
 */
export function parsedBy<Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new FormatError(`${place}${problemsOf(parsed.error)}`)
}
