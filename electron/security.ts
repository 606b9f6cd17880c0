/** Locks on the page. Each function takes the object that it locks, so that a test needs no browser. */
import type { Session, WebContents, WebPreferences } from 'electron'
import { isAppUrl } from './protocol'

/** Origin of the page. */
export interface PageSource {
  /** E.g. `app://moescope`; the development server's while developing. */
  readonly origin: string
  /** True in development: the server reloads the page over a socket, and its tools may be opened. */
  readonly developed: boolean
}

/** Preferences of every window's page: a sandboxed process of its own, without Node and without anything experimental. */
export function pagePreferences(preload: string, developed: boolean): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    devTools: developed,
    // A training goes on at full speed behind other windows.
    backgroundThrottling: false,
    // Its dictionaries would be fetched from the network.
    spellcheck: false
  }
}

/** Chromium's switches for an app that never asks the network: no name is resolved, also not for what is no web request. */
export const offlineSwitches = [
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ['disable-background-networking', '']
] as const

/** Refuses all permissions, downloads, and every request that leaves the app. */
export function lockSession(session: Session, source: PageSource, log: (message: string) => void): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event, item) => {
    event.preventDefault()
    log(`refused to download ${item.getURL().slice(0, 200)}`)
  })
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const cancel = !isWithinApp(url, source)
    if (cancel) log(`refused a request of ${url.slice(0, 200)}`)
    answer({ cancel })
  })
}

/** Refuses navigation away from the page, other windows, and embedded pages. */
export function lockContents(contents: WebContents, origin: string): void {
  const stay = (event: { preventDefault(): void; readonly url: string }) => {
    if (!isPage(event.url, origin)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  // WebRTC would find addresses by requests of its own, which are no web requests.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}

/** True of requests within the app: its own files, the page's own objects, and the tools in development. */
export function isWithinApp(url: string, { origin, developed }: PageSource): boolean {
  if (url.startsWith('data:') || isAppUrl(url, origin)) return true
  if (url.startsWith('blob:')) return isAppUrl(url.slice('blob:'.length), origin)
  return developed && (url.startsWith('devtools:') || isAppUrl(url, origin.replace(/^http/, 'ws')))
}

/** True of the page's own URL, the only one that may be shown. */
function isPage(url: string, origin: string): boolean {
  return isAppUrl(url, origin) && ['/', '/index.html'].includes(new URL(url).pathname)
}
