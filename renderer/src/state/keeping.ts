/** Keeps what the user chose: in storage, so that it is there again, and in the address, so that it can be shared. */

import { messageOf } from '@core/reason'
import type { App } from './app'
import type { AppState } from './app-state'
import { linkWarnings, readLink, writeLink } from './link'
import { settingsFormat, writeState, writeVersioned } from './versioned'

const pauseMilliseconds = 300

/** A page may be gone with any of these, and not every host has all of them. */
const leaving = ['visibilitychange', 'beforeunload', 'pagehide']

/**
 * Writes every change soon, but not at every keystroke, and at once when the page goes away.
 * @returns what undoes this
 */
export function keepChosen({ host, store, choose }: App): () => void {
  // The first choices may come from a link, and are kept as well.
  let kept: Partial<Pick<AppState, 'choices' | 'settings' | 'toldSince'>> = { settings: store.getState().settings }
  /** The fragment as it was last written or read, with '#'. */
  let address = location.hash
  let turnedAt = Number.NEGATIVE_INFINITY
  const write = () => {
    clearTimeout(timer)
    const { choices, settings, toldSince } = store.getState()
    const writing = []
    if (choices !== kept.choices || toldSince !== kept.toldSince)
      writing.push(host.store('state', writeState({ choices, ...(toldSince && { toldSince }) })))
    if (settings !== kept.settings) writing.push(host.store('settings', writeVersioned(settingsFormat, { settings })))
    kept = { choices, settings, toldSince }
    Promise.all(writing).catch(warn)
    // A link that was pasted just now goes before what it replaces.
    if (location.hash !== address) return
    const fragment = choices.view === 'home' ? '' : writeLink(choices)
    if (fragment !== address.slice(1)) history.replaceState(history.state, '', `#${fragment}`)
    address = location.hash
  }
  const warn = (error: unknown) => {
    const warning = `What you choose is not being kept: ${messageOf(error)}.`
    store.setState(({ warnings }) => (warnings.includes(warning) ? {} : { warnings: [...warnings, warning] }))
  }
  let timer = setTimeout(write, pauseMilliseconds)
  const stop = store.subscribe((state, before) => {
    const isClockSet = state.toldSince !== before.toldSince
    if (state.choices === before.choices && state.settings === before.settings && !isClockSet) return
    clearTimeout(timer)
    // A talk that is killed goes on in its chapter with its clock, or in the view that is live. Only chapters that follow
    // each other faster than that wait. First the other listeners hear of it: the address is that of the view's own entry.
    const { story, view } = before.choices
    const turned = (state.choices.story !== story || isClockSet) && performance.now() - turnedAt > pauseMilliseconds
    if (turned) turnedAt = performance.now()
    if (turned || (state.choices.view !== view && story.id !== '')) queueMicrotask(write)
    else timer = setTimeout(write, pauseMilliseconds)
  })
  // A link that is pasted into the address bar of the open page.
  const onHash = () => {
    address = location.hash
    // One of the page's own entries, to which Back or Forward went.
    if (history.state !== null) return
    const link = readLink(location.hash)
    if (!link || location.hash === `#${writeLink(store.getState().choices)}`) return
    choose(link.choices)
    const fresh = linkWarnings(link)
    store.setState(({ warnings }) => ({ warnings: [...warnings.filter((each) => !fresh.includes(each)), ...fresh] }))
  }
  window.addEventListener('hashchange', onHash)
  // It may have been pasted while the page opened.
  onHash()
  for (const each of leaving) window.addEventListener(each, write)
  return () => {
    stop()
    clearTimeout(timer)
    window.removeEventListener('hashchange', onHash)
    for (const each of leaving) window.removeEventListener(each, write)
  }
}
