import type { ModelDescription } from '@core/arch/describe/description'

/** Uncounted parts, assumptions of a best-effort reading, and other caveats, in sentences. */
export function remarksOf({ leftOut, bestEffort, notes }: ModelDescription): string[] {
  const isBeside = (part: string) => part.endsWith('_config')
  const beside = leftOut.filter(isBeside).join(', ')
  return [
    ...(beside === '' ? [] : [`counted: the language model alone, without ${beside}`]),
    ...leftOut.filter((part) => !isBeside(part)).map((part) => `not counted: ${part}`),
    ...bestEffort.map((assumption) => `assumed: ${assumption}`),
    ...notes.map((note) => `note: ${note}`)
  ]
}
