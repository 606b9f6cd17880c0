import { expect, type Page } from '@playwright/test'

/** The routing view as a test sees it. */
export interface TracePage {
  /** Errors of the console and of the page so far. */
  readonly problems: readonly string[]
  /** Goes to one of its questions. */
  ask(name: string): Promise<void>
}

/** Opens the routing view on what a small model decides on generated text. */
export async function openRecorded(page: Page, model = 'moe-32'): Promise<TracePage> {
  const problems: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto('./#view=trace&edition=2')
  await page.getByRole('button', { name: model }).click()
  const pages = page.getByRole('navigation', { name: 'What is asked' })
  await expect(pages).toBeVisible()
  return {
    problems,
    ask: (name) => pages.getByRole('button', { name, exact: true }).click()
  }
}
