import type { BrowserWindowConstructorOptions, WebContents, WebFrameMain, WebPreferences } from 'electron'
import { receive } from './ipc-main'
import { readyFor } from './life'
import { modelled } from './modelled'
import { modelledEmitter, preventable } from './modelled-emitter'
import { nativeTheme } from './native-theme'
import { type Navigation, openPage, type Page } from './page'
import { complain } from './problems'
import { addresses } from './protocol'
import { mayRequest, settlePermissions } from './session'
import { effectivePreferences } from './web-preferences'

const events = [
  'did-start-navigation',
  'will-navigate',
  'will-frame-navigate',
  'will-prevent-unload',
  'did-finish-load',
  'render-process-gone',
  'destroyed',
  // They never come: the double follows no redirections and has no webviews.
  'will-redirect',
  'will-attach-webview'
]

/** A member that Electron has and does not document: the preferences as they were taken. */
interface Undocumented {
  getLastWebPreferences(): WebPreferences
}

/** A window's access to its page. */
export interface Contents {
  readonly contents: WebContents
  readonly page: Promise<Page>
  loadURL(url: string): Promise<void>
  isCrashed(): boolean
}

/** The effects of a page on its window. */
export interface ContentsEvents {
  loaded(): void
  /** The page stays although it was to close. */
  stayed(): void
  closed(): void
}

let opened = 0

/** The contents of a new window. */
export function createContents(options: BrowserWindowConstructorOptions, window: ContentsEvents): Contents {
  const preferences = effectivePreferences(options.webPreferences)
  const state = { crashed: false, destroyed: false, url: '' }
  let openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] | undefined
  const frame = mainFrameOf(() => state.url)

  const alive = <Args extends unknown[], Result>(act: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      if (state.destroyed) throw new TypeError('Object has been destroyed')
      return act(...args)
    }
  }
  const contents = modelledEmitter<WebContents & Undocumented>('webContents', events, {
    id: ++opened,
    mainFrame: frame,
    isDestroyed: () => state.destroyed,
    getURL: alive(() => state.url),
    getLastWebPreferences: alive(() => preferences),
    isCrashed: alive(() => state.crashed),
    send: alive((channel, ...args) => void page.then((each) => each.tell({ channel, args })).catch(complainOf)),
    reload: alive(() => void page.then((each) => each.reload()).catch(complainOf)),
    setWindowOpenHandler: alive((handler) => {
      openHandler = handler
    }),
    // The double's pages reach this computer only.
    setWebRTCIPHandlingPolicy: alive(() => {}),
    forcefullyCrashRenderer: alive(() => void page.then((each) => each.crash()).catch(complainOf))
  })
  const page = openPage(options, {
    called: (message) => receive(message, { sender: contents, senderFrame: frame }),
    navigating: (navigation) => {
      if (navigation.isMainFrame) state.crashed = false
      contents.emit('did-start-navigation', eventOf(navigation))
    },
    navigated: (url) => {
      state.url = addresses().toApp(url)
    },
    loaded: () => {
      contents.emit('did-finish-load')
      window.loaded()
    },
    mayLeave: () => {
      const event = preventable()
      contents.emit('will-prevent-unload', event)
      // Prevented is the page's wish to stay.
      if (!event.defaultPrevented) window.stayed()
      return event.defaultPrevented
    },
    mayNavigate: (navigation) => {
      const asked = eventOf(navigation)
      contents.emit('will-frame-navigate', asked)
      if (navigation.isMainFrame) contents.emit('will-navigate', asked)
      return !asked.defaultPrevented
    },
    mayRequest: (request, isMainFrame) => mayRequest(request, isMainFrame),
    windowOpened: (url) => {
      const details = modelled<Electron.HandlerDetails>('HandlerDetails', { url: addresses().toApp(url) })
      if (openHandler?.(details).action === 'deny') return
      complain(`the app lets a page open ${url}, which the Electron double only shows`)
      readyFor('BrowserWindow').browser.send('Target.createTarget', { url }).catch(complainOf)
    },
    crashed: () => {
      state.crashed = true
      contents.emit('render-process-gone', preventable(), { reason: 'crashed', exitCode: 5 })
    },
    closed: () => {
      state.destroyed = true
      contents.emit('destroyed')
      window.closed()
    }
  })
  followTheme(page, () => state.destroyed)
  return {
    contents,
    page,
    isCrashed: () => state.crashed,
    loadURL: async (url) => {
      const address = addresses().toBrowser(url)
      const opened = await page
      await settlePermissions(contents, new URL(address).origin)
      await opened.navigate(address)
    }
  }
}

/** The window's own frame: the only one that the preload script runs in. */
function mainFrameOf(url: () => string): WebFrameMain {
  return modelled<WebFrameMain>('WebFrameMain', {
    get url() {
      return url()
    },
    parent: null
  })
}

function eventOf({ url, isMainFrame, isSameDocument }: Navigation) {
  const event = preventable()
  return modelled<Electron.Event<Electron.WebContentsWillNavigateEventParams>>('the event of a navigation', {
    get defaultPrevented() {
      return event.defaultPrevented
    },
    preventDefault: event.preventDefault,
    url: addresses().toApp(url),
    isMainFrame,
    isSameDocument
  })
}

function followTheme(page: Promise<Page>, isDestroyed: () => boolean): void {
  const follow = () => {
    if (isDestroyed()) return void nativeTheme.removeListener('updated', follow)
    const scheme = nativeTheme.shouldUseDarkColors ? 'dark' : 'light'
    page.then((each) => each.setColorScheme(scheme)).catch(complainOf)
  }
  nativeTheme.on('updated', follow)
  follow()
}

function complainOf(error: unknown): void {
  complain(String(error))
}
