/** The choices as a file. */

import { messageOf } from '@core/reason'
import type { App } from './app'
import { earlierCorpusRemark } from './edition'
import { moescopeFile } from './file-kinds'
import { keepText, keptText } from './own-texts'
import { refreshRecent } from './recent'
import { readVersioned, stateFormat, writeState } from './versioned'

/** Saves what is chosen; opening the file chooses it again. */
export async function saveState(app: App): Promise<void> {
  const { host, store, notify } = app
  const { choices } = store.getState()
  const name = `${choices.left}-and-${choices.right}.moescope`
  try {
    const texts = await textsOf(app)
    const state = { choices, ...(Object.keys(texts).length > 0 ? { texts } : {}) }
    const text = `${JSON.stringify(writeState(state), null, 1)}\n`
    const saved = await host.saveFile(name, moescopeFile, text)
    await refreshRecent(app)
    if (saved) notify(`${saved} is saved: opening it chooses all this again.`)
  } catch (error) {
    notify(`Nothing was saved: ${messageOf(error)}`)
  }
}

/**
 * Chooses what a saved state says, and keeps the texts that came with it. Rejects when it is none.
 * @returns what is to be said of one that was saved with models of an earlier corpus
 */
export async function openState({ host, choose }: App, stored: unknown): Promise<string | undefined> {
  const { choices, edition, texts = {} } = readVersioned(stateFormat, stored)
  for (const text of Object.values(texts)) await keepText(host, text)
  choose(choices)
  return earlierCorpusRemark('It', edition)
}

/** The user's texts that the chosen runs read, by their hashes. */
async function textsOf({ host, store }: App): Promise<Record<string, string>> {
  const hashes = store.getState().choices.lab.runs.flatMap(({ text, own }) => (text === 'own' && own ? own.sha256 : []))
  const texts = [...new Set(hashes)].map(async (hash) => [hash, await keptText(host, hash)] as const)
  return Object.fromEntries(
    (await Promise.all(texts)).flatMap(([hash, text]) => (text ? [[hash, new TextDecoder().decode(text)]] : []))
  )
}
