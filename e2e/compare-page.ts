import { expect, type Page } from '@playwright/test'

/** The compare screen as a test sees it. */
export interface ComparePage {
  readonly page: Page
  /** Errors of the console and of the page so far. */
  readonly problems: readonly string[]
  /** Clicks Run and waits for both texts to be complete. */
  runToEnd(): Promise<void>
  /** The text that a model has read and written, and is about to. */
  text(side: 0 | 1): Promise<string>
}

/** Opens the screen with these choices in its link, and waits until it can run. */
export async function openCompare(page: Page, link: Record<string, string> = {}): Promise<ComparePage> {
  const problems: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto(`./#${new URLSearchParams({ view: 'compare', edition: '2', ...link })}`)
  return { ...(await openedCompare(page)), problems }
}

/** The screen of a page that is open already, once it can run; its problems are the host's to tell. */
export async function openedCompare(page: Page): Promise<Omit<ComparePage, 'problems'>> {
  await expect(page.getByRole('button', { name: 'Step' })).toBeVisible()
  return {
    page,
    runToEnd: async () => {
      await page.getByRole('button', { name: 'Run', exact: true }).click()
      await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
    },
    text: async (side) => (await page.getByTestId(`text-${side}`).innerText()).replaceAll('⏎', '')
  }
}

/** Runs as fast as it computes. */
export const unlimited = { pace: '0' }

/** So, and few tokens: enough to tell two models apart. */
export const short = { ...unlimited, tokens: '24' }
