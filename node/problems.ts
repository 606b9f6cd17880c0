import type { z } from 'zod'

/** What a schema found wrong, as one line: the first three problems, each with its place, e.g. `a.1: expected number`. */
export function problemsOf({ issues }: z.ZodError): string {
  const problems = issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : ''
  return `${problems.slice(0, 3).join('; ')}${more}`
}
