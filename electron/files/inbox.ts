import type { OpenedFileEntry } from '../channels'

/** Files that are opened from outside: they wait until the page of the first window listens. */
export interface Inbox<Window> {
  deliver(file: OpenedFileEntry): void
  /** The page of a window listens from now on; answers the files that waited for it. */
  listen(window: Window): OpenedFileEntry[]
  /** The page of a window listens no longer: it is loaded anew, or it is gone. */
  deafen(window: Window): void
}

/**
 * @param first the window that files are opened in; undefined while there is none
 * @param send sends a file to a window whose page listens
 */
export function createInbox<Window>(
  first: () => Window | undefined,
  send: (window: Window, file: OpenedFileEntry) => void
): Inbox<Window> {
  const listening = new Set<Window>()
  let waiting: OpenedFileEntry[] = []
  return {
    deliver: (file) => {
      const window = first()
      if (window !== undefined && listening.has(window)) send(window, file)
      else waiting.push(file)
    },
    listen: (window) => {
      listening.add(window)
      if (window !== first()) return []
      const waited = waiting
      waiting = []
      return waited
    },
    deafen: (window) => void listening.delete(window)
  }
}
