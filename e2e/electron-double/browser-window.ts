import type { BrowserWindowConstructorOptions, BrowserWindow as ElectronWindow, Rectangle } from 'electron'
import { readyFor } from './life'
import { modelledClass } from './modelled'
import { modelledEmitter, type OwnMembers, preventable } from './modelled-emitter'
import { complain } from './problems'
import { screen } from './screen'
import { createContents } from './web-contents'
import { addWindow, focusedWindow, focusWindow, openWindows, removeWindow } from './windows'

const events = [
  'ready-to-show',
  'close',
  'closed',
  'focus',
  'blur',
  'show',
  'hide',
  'maximize',
  'unmaximize',
  'minimize',
  'restore',
  'resize',
  'enter-full-screen',
  'leave-full-screen',
  // It never comes: the double's system does not end.
  'session-end'
]

/** Electron's class `BrowserWindow`: what a window looks like is state only, but its page is real. */
export const BrowserWindow = modelledClass<typeof ElectronWindow>('BrowserWindow', (options) => openWindow(options), {
  getAllWindows: () => openWindows().map(({ window }) => window),
  getFocusedWindow: () => focusedWindow() ?? null,
  fromWebContents: (contents) => openWindows().find((each) => each.contents === contents)?.window ?? null,
  fromId: (id) => openWindows().find(({ window }) => window.id === id)?.window ?? null
})

let opened = 0

function openWindow(options: BrowserWindowConstructorOptions = {}): ElectronWindow {
  readyFor('BrowserWindow')
  const state = {
    destroyed: false,
    shown: options.show ?? true,
    minimized: false,
    maximized: false,
    fullScreen: false,
    bounds: placeOf(options)
  }
  let closing: ((closed: boolean) => void) | undefined
  let isLoaded = false

  const { contents, page, loadURL, isCrashed } = createContents(
    { ...options, ...state.bounds },
    {
      loaded: () => {
        if (!isLoaded) window.emit('ready-to-show')
        isLoaded = true
      },
      stayed: () => closing?.(false),
      closed: () => {
        state.destroyed = true
        window.emit('closed')
        removeWindow(window)
        closing?.(true)
      }
    }
  )
  const becomes = (change: Partial<typeof state>, event: string) => {
    Object.assign(state, change)
    window.emit(event)
    const { width, height } = boundsNow()
    page.then((each) => each.resize(width, height)).catch((error: unknown) => complain(String(error)))
  }
  const boundsNow = (): Rectangle => {
    const display = screen.getDisplayMatching(state.bounds)
    if (state.fullScreen) return display.bounds
    return state.maximized ? display.workArea : state.bounds
  }
  const requestClose = async (): Promise<boolean> => {
    const event = preventable()
    window.emit('close', event)
    if (event.defaultPrevented) return false
    const closed = new Promise<boolean>((done) => {
      closing = done
    })
    const opened = await page
    await (isCrashed() ? opened.destroy() : opened.close())
    return closed
  }
  const members: OwnMembers<ElectronWindow> = {
    loadURL,
    close: () => void requestClose().catch((error: unknown) => complain(String(error))),
    destroy: () => void page.then((each) => each.destroy()).catch((error: unknown) => complain(String(error))),
    show: () => {
      if (!state.shown) becomes({ shown: true }, 'show')
      focusWindow(window)
    },
    focus: () => focusWindow(window),
    isFocused: () => focusedWindow() === window,
    isVisible: () => state.shown && !state.minimized,
    minimize: () => becomes({ minimized: true }, 'minimize'),
    isMinimized: () => state.minimized,
    restore: () => becomes({ minimized: false }, 'restore'),
    maximize: () => becomes({ maximized: true }, 'maximize'),
    unmaximize: () => becomes({ maximized: false }, 'unmaximize'),
    isMaximized: () => state.maximized,
    setFullScreen: (fullScreen) => {
      if (fullScreen !== state.fullScreen) {
        becomes({ fullScreen }, fullScreen ? 'enter-full-screen' : 'leave-full-screen')
      }
    },
    isFullScreen: () => state.fullScreen,
    getBounds: boundsNow,
    getNormalBounds: () => state.bounds,
    setBounds: (bounds) => becomes({ bounds: { ...state.bounds, ...bounds } }, 'resize')
  }
  const window = modelledEmitter<ElectronWindow>('BrowserWindow', events, {
    id: ++opened,
    get webContents() {
      if (state.destroyed) throw destroyed()
      return contents
    },
    isDestroyed: () => state.destroyed,
    ...untilDestroyed(members, () => state.destroyed)
  })
  addWindow({ window, contents, requestClose })
  if (state.shown) focusWindow(window)
  return window
}

/** As Electron, which throws for a window that is gone. */
function untilDestroyed(members: OwnMembers<ElectronWindow>, isDestroyed: () => boolean): OwnMembers<ElectronWindow> {
  const guarded = Object.entries(members).map(([name, member]) => [
    name,
    (...args: unknown[]) => {
      if (isDestroyed()) throw destroyed()
      return (member as (...args: unknown[]) => unknown)(...args)
    }
  ])
  return Object.fromEntries(guarded) as OwnMembers<ElectronWindow>
}

function destroyed(): Error {
  return new TypeError('Object has been destroyed')
}

/** The bounds of the window; without a place it goes into the middle of the first display. */
function placeOf({ x, y, width = 800, height = 600 }: BrowserWindowConstructorOptions): Rectangle {
  const { workArea } = screen.getPrimaryDisplay()
  return {
    x: x ?? workArea.x + Math.round((workArea.width - width) / 2),
    y: y ?? workArea.y + Math.round((workArea.height - height) / 2),
    width,
    height
  }
}
