/** The life of the pretended Electron: some calls are allowed only before it is ready, some only then. */
import type { Chromium } from './chromium'

let browser: Chromium | undefined

/** From now on the app is ready. */
export function becomeReady(started: Chromium): void {
  browser = started
}

/** True once the app is ready. */
export function isReady(): boolean {
  return browser !== undefined
}

/**
 * The browser of a ready app.
 *
 * @param what is done, for the error
 * @throws {Error} before the app is ready, as Electron does
 */
export function readyFor(what: string): Chromium {
  if (browser === undefined) throw new Error(`${what} cannot be used before the app is ready`)
  return browser
}

/** @throws {Error} when the app is ready, as Electron does */
export function onlyBeforeReady(what: string): void {
  if (browser !== undefined) throw new Error(`${what} should be called before the app is ready`)
}

/** Ends the browser, if there is one. */
export async function closeBrowser(): Promise<void> {
  await browser?.close()
}
