import type { Page } from '@playwright/test'

/** Notes the errors and warnings of a page. */
export function watch(page: Page, problems: string[]): void {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
}

/** A link's part after '#', of the shipped models of today; empty for no choices. */
export function fragmentOf(link?: Readonly<Record<string, string>>): string {
  const fragment = new URLSearchParams(link && { edition: '2', ...link }).toString()
  return fragment === '' ? '' : `#${fragment}`
}
