/** The present choices as a link, or in a second window. */

import { messageOf } from '@core/reason'
import type { App } from './app'
import type { Choices } from './choices'
import { readLink, writeLink } from './link'

export async function copyLink({ host, store, notify }: App): Promise<void> {
  const fragment = writeLink(store.getState().choices)
  const link = host.linkTo(fragment)
  if (link === undefined) return
  const leftOut = readLink(fragment)?.leftOut ?? []
  try {
    await host.copyText(link)
    notify(
      leftOut.length === 0
        ? 'Link copied: it restores exactly what you see.'
        : `Link copied without this, for which it would be too long: ${leftOut.join(', ')}. A saved file keeps everything.`
    )
  } catch {
    notify('The clipboard is not open to this page. The address bar holds the link.')
  }
}

/**
 * A second window shows what is seen here, also what comes, until the user does something in it.
 * @param changes of the choices that it begins with
 */
export async function openSecondWindow({ host, store, notify }: App, changes: Partial<Choices> = {}): Promise<void> {
  try {
    await host.openWindow(writeLink({ ...store.getState().choices, ...changes }))
  } catch (error) {
    notify(`There is no second window: ${messageOf(error)}`)
  }
}
