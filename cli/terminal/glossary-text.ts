import { glossary } from '@core/glossary'
import type { Terminal } from './terminal'

/** The glossary by sections: each term with its unit, its definition and its source. */
export function glossaryText({ paint }: Pick<Terminal, 'paint'>): string {
  const sections = glossary.map(({ title, entries }) => {
    const lines = entries.flatMap(({ term, definition, unit, source }) => [
      `  ${paint.bold(term)}${unit === undefined ? '' : ` (${unit})`}`,
      `    ${definition}`,
      `    ${paint.dim(source)}`
    ])
    return [paint.bold(title), ...lines].join('\n')
  })
  return `${sections.join('\n\n')}\n`
}
