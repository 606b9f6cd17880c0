import type { DownloadItem, OnBeforeRequestListenerDetails, Session, WebContents, WebRequest } from 'electron'
import type { Chromium } from './chromium'
import { readyFor } from './life'
import { modelled } from './modelled'
import { modelledEmitter, preventable } from './modelled-emitter'
import type { PageRequest } from './page'
import { complain } from './problems'
import { addresses } from './protocol'

type RequestHandler = Parameters<Session['setPermissionRequestHandler']>[0]
type CheckHandler = Parameters<Session['setPermissionCheckHandler']>[0]
type BeforeRequest = Parameters<WebRequest['onBeforeRequest']>[0]

let mayBeGranted: RequestHandler = null
let isGranted: CheckHandler = null
let beforeRequest: BeforeRequest = null

const webRequest = modelled<WebRequest>('webRequest', {
  onBeforeRequest: (...args: unknown[]) => {
    if (args.length > 1) throw new Error('the Electron double models webRequest.onBeforeRequest without a filter')
    beforeRequest = args[0] as BeforeRequest
  }
})

const defaultSession = modelledEmitter<Session>('session', ['will-download'], {
  setPermissionRequestHandler: (handler) => {
    mayBeGranted = handler
  },
  setPermissionCheckHandler: (handler) => {
    isGranted = handler
  },
  // The double has no devices and checks no spelling.
  setDevicePermissionHandler: () => {},
  setSpellCheckerEnabled: () => {},
  webRequest
})

/** Electron's module `session`, for the default one. */
export const session = modelled<typeof Electron.Session>('session', {
  get defaultSession() {
    readyFor('session.defaultSession')
    return defaultSession
  }
})

/** Electron's names of permissions, and the browser's. */
const permissions = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['media', 'camera'],
  ['media', 'microphone'],
  ['midi', 'midi'],
  ['clipboard-read', 'clipboard-read']
] as const

/**
 * Asks the app about every permission at once, and tells the browser: Electron asks when a page does.
 *
 * @param origin of the page, as the browser knows it; none can be given to 'null'
 */
export async function settlePermissions(contents: WebContents, origin: string): Promise<void> {
  const { browser } = readyFor('session')
  if (origin === 'null') return
  const requestingUrl = addresses().toApp(`${origin}/`)
  const details = { isMainFrame: true, requestingUrl }
  await Promise.all(
    permissions.map(async ([permission, name]) => {
      const checked = isGranted?.(contents, permission, requestingUrl, details) ?? true
      const requested = await new Promise<boolean>((decide) => {
        if (mayBeGranted === null) decide(true)
        else mayBeGranted(contents, permission, decide, details)
      })
      const setting = checked && requested ? 'granted' : 'denied'
      await browser.send('Browser.setPermission', { permission: { name }, setting, origin })
    })
  )
}

/** Electron's names for the kinds of requests that the browser tells. */
const resourceTypes: Readonly<Record<string, OnBeforeRequestListenerDetails['resourceType']>> = {
  Stylesheet: 'stylesheet',
  Script: 'script',
  Image: 'image',
  Font: 'font',
  Fetch: 'xhr',
  XHR: 'xhr',
  Ping: 'ping',
  Media: 'media',
  WebSocket: 'webSocket'
}

/** True when the app lets a page request something. */
export async function mayRequest({ url, method, type }: PageRequest, isMainFrame: boolean): Promise<boolean> {
  const listener = beforeRequest
  if (listener === null) return true
  const document = isMainFrame ? 'mainFrame' : 'subFrame'
  const details = modelled<OnBeforeRequestListenerDetails>('the details of onBeforeRequest', {
    url: addresses().toApp(url),
    method,
    resourceType: type === 'Document' ? document : (resourceTypes[type] ?? 'other')
  })
  return new Promise((decide) => {
    listener(details, ({ cancel, redirectURL }) => {
      if (redirectURL !== undefined) complain('the Electron double models no redirection in onBeforeRequest')
      decide(cancel !== true)
    })
  })
}

/** Asks the app about downloads, which it must refuse: the double has none. */
export async function refuseDownloads({ browser }: Chromium): Promise<void> {
  browser.on('Browser.downloadWillBegin', ({ guid, url, suggestedFilename }) => {
    const event = preventable()
    const item = modelled<DownloadItem>('DownloadItem', {
      getURL: () => addresses().toApp(url),
      getFilename: () => suggestedFilename
    })
    defaultSession.emit('will-download', event, item)
    if (!event.defaultPrevented) complain(`the app lets ${url} be downloaded, which the Electron double does not model`)
    browser.send('Browser.cancelDownload', { guid }).catch(() => {})
  })
  await browser.send('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true })
}
