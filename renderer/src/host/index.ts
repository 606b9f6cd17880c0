import type { MoescopeApi } from '../../../electron/channels'
import { createBrowserHost } from './browser'
import { createElectronHost } from './electron'
import type { Host } from './host'

declare global {
  interface Window {
    /** Given by the desktop app's preload script. */
    readonly moescope?: MoescopeApi
  }
}

/** The host of this page. */
export function findHost(): Host {
  return window.moescope ? createElectronHost(window.moescope) : createBrowserHost()
}
