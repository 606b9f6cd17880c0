/** Views as entries of the browser's history: Back and Forward go from view to view, and leave all else as it is. */

import { z } from 'zod'
import type { App } from './app'
import { views } from './choices'

const entrySchema = z.object({ view: z.enum(views) })

/** Makes an entry for every view that is shown. Returns what undoes this. */
export function keepViewHistory({ store, choose }: Pick<App, 'store' | 'choose'>): () => void {
  let shown = store.getState().choices.view
  const mark = () => history.replaceState({ view: shown }, '')
  mark()
  const stop = store.subscribe(({ choices: { view } }) => {
    if (view === shown) return
    shown = view
    // A link that was pasted has made an entry already. The address of a new one is written soon, by `keepChosen`.
    if (history.state === null) mark()
    else history.pushState({ view }, '')
  })
  const onPopState = ({ state }: PopStateEvent) => {
    const entry = entrySchema.safeParse(state)
    if (!entry.success) return
    shown = entry.data.view
    choose({ view: shown })
  }
  const onHash = () => {
    if (history.state === null) mark()
  }
  window.addEventListener('popstate', onPopState)
  window.addEventListener('hashchange', onHash)
  return () => {
    stop()
    window.removeEventListener('popstate', onPopState)
    window.removeEventListener('hashchange', onHash)
  }
}
