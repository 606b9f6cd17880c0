import { expect, type Page } from '@playwright/test'

/** Opens the front page and waits until it can be used. Returns the errors of console and page, as they come. */
export async function openHome(page: Page): Promise<readonly string[]> {
  const problems: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto('./')
  await expect(page.getByRole('button', { name: 'See the two models write' })).toBeVisible()
  return problems
}
