import type { ModelDescription } from '@core/arch/describe/description'

/** What was not counted, what a best-effort reading assumed, and what else is to be known, in sentences. */
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
