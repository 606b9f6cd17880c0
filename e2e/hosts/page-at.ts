import { expect, type Page } from '@playwright/test'
import type { DesktopHost } from './host'

/** The page of a window at an address. Playwright hears of a window a moment after the app has opened it. */
export async function pageAt(host: DesktopHost, address: RegExp): Promise<Page> {
  const found = () => host.pages().find((page) => address.test(page.url()))
  await expect.poll(() => found() !== undefined, { message: `a page at ${address}` }).toBe(true)
  return found() as Page
}
