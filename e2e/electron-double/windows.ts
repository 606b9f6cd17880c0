/** The windows that are open, in the order they were opened. */
import { EventEmitter } from 'node:events'
import type { BrowserWindow, WebContents } from 'electron'

/** An open window, and how the app's end closes it. */
export interface OpenWindow {
  readonly window: BrowserWindow
  readonly contents: WebContents
  /** Asks the window to close; whether it did. */
  requestClose(): Promise<boolean>
}

const open: OpenWindow[] = []
let focused: BrowserWindow | undefined

/** Tells what happens to windows: `opened` with the window, `all-closed`. */
export const windowEvents = new EventEmitter<{ opened: [OpenWindow]; 'all-closed': [] }>()

/** The windows that are open now. */
export function openWindows(): readonly OpenWindow[] {
  return [...open]
}

/** A window was opened. */
export function addWindow(window: OpenWindow): void {
  open.push(window)
  windowEvents.emit('opened', window)
}

/** A window is gone. */
export function removeWindow(window: BrowserWindow): void {
  open.splice(
    open.findIndex((each) => each.window === window),
    1
  )
  if (focused === window) focused = undefined
  if (open.length === 0) windowEvents.emit('all-closed')
}

/** The window in front, where one is. */
export function focusedWindow(): BrowserWindow | undefined {
  return focused
}

/** A window comes to the front. */
export function focusWindow(window: BrowserWindow): void {
  if (focused === window) return
  focused?.emit('blur')
  focused = window
  window.emit('focus')
}
