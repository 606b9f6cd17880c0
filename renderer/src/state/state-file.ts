/** The choices as a file. */

import { messageOf } from '@core/reason'
import type { App } from './app'
import { moescopeFile } from './file-kinds'
import { refreshRecent } from './recent'
import { readVersioned, stateFormat, writeVersioned } from './versioned'

/** Saves what is chosen; opening the file chooses it again. */
export async function saveState(app: App): Promise<void> {
  const { host, store, notify } = app
  const { choices } = store.getState()
  const name = `${choices.left}-and-${choices.right}.moescope`
  try {
    const text = `${JSON.stringify(writeVersioned(stateFormat, { choices }), null, 1)}\n`
    const saved = await host.saveFile(name, moescopeFile, text)
    await refreshRecent(app)
    if (saved) notify(`${saved} is saved: opening it chooses all this again.`)
  } catch (error) {
    notify(`Nothing was saved: ${messageOf(error)}`)
  }
}

/** Chooses what a saved state says. Throws when it is none. */
export function openState({ choose }: App, stored: unknown): void {
  choose(readVersioned(stateFormat, stored).choices)
}
