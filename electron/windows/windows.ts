/** The app's windows. The first one is remembered and gets the files that are opened from outside. */
import { BrowserWindow, dialog, nativeTheme, screen, type WebPreferences } from 'electron'
import { codeOf } from '../../node/reason'
import type { Kept } from '../storage/kept'
import { minSize, placeBeside, placeWindow, type Rectangle } from './placement'
import type { WindowState } from './window-state'

/** Opens windows, and knows which one is the first. */
export interface Windows {
  /** The oldest window; undefined when there is none. */
  first(): BrowserWindow | undefined
  openFirst(): Promise<void>
  /** Opens one more, on another display than a window's where there is one, with an address of what is chosen. */
  openBeside(window: BrowserWindow, fragment: string): Promise<void>
  /** Brings the first window to the front. */
  showFirst(): void
}

/** Options shared by all windows. */
export interface WindowsSetup {
  /** Address of the page. */
  readonly url: string
  readonly preferences: WebPreferences
  readonly state: Kept<WindowState>
  readonly complain: (error: unknown) => void
  /** Told of every window before its page is loaded. */
  readonly onOpened: (window: BrowserWindow) => void
}

const maxWindows = 8

/** No window is open yet. */
export function createWindows({ url, preferences, state, complain, onOpened }: WindowsSetup): Windows {
  const windows: BrowserWindow[] = []
  return {
    first: () => windows[0],
    openFirst: async () => {
      const { bounds, maximized, fullScreen } = state.value
      const window = create(placeWindow(bounds, workAreas()), { maximized, fullScreen })
      window.on('close', () => {
        const seen = { maximized: window.isMaximized(), fullScreen: window.isFullScreen() }
        state.set({ ...state.value, bounds: window.getNormalBounds(), ...seen }).catch(complain)
      })
      await load(window, url)
    },
    openBeside: async (window, fragment) => {
      if (windows.length >= maxWindows) throw new Error(`there are ${maxWindows} windows already; close one first`)
      const here = screen.getDisplayMatching(window.getBounds())
      const other = screen.getAllDisplays().find(({ id }) => id !== here.id)
      const address = new URL(url)
      // By this the page knows that what it shows is not what is kept.
      address.search = '?second'
      address.hash = fragment
      const opened = create(placeBeside(window.getBounds(), here.workArea, other?.workArea))
      await load(opened, address.href)
    },
    showFirst: () => {
      const [window] = windows
      if (window?.isMinimized()) window.restore()
      window?.show()
      window?.focus()
    }
  }

  function create(
    place: Rectangle,
    { maximized, fullScreen } = { maximized: false, fullScreen: false }
  ): BrowserWindow {
    const window = new BrowserWindow({
      ...place,
      minWidth: minSize.width,
      minHeight: minSize.height,
      show: false,
      // As theme.css has it, until the page paints over it.
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1115' : '#f7f7f5',
      webPreferences: preferences
    })
    windows.push(window)
    window.once('ready-to-show', () => {
      if (maximized) window.maximize()
      window.show()
      if (fullScreen) window.setFullScreen(true)
    })
    window.on('closed', () => windows.splice(windows.indexOf(window), 1))
    window.webContents.on('will-prevent-unload', (event) => {
      if (mayLeave(window)) event.preventDefault()
    })
    onOpened(window)
    return window
  }
}

/** Loads a page. One that was closed or loaded anew meanwhile is no failure; any other leaves no window behind. */
async function load(window: BrowserWindow, url: string): Promise<void> {
  try {
    await window.loadURL(url)
  } catch (error) {
    if (window.isDestroyed() || codeOf(error) === 'ERR_ABORTED') return
    window.destroy()
    throw error
  }
}

/** Asks before leaving a page that still runs jobs. */
function mayLeave(window: BrowserWindow): boolean {
  const leave = 1
  const chosen = dialog.showMessageBoxSync(window, {
    type: 'question',
    message: 'Moescope is still at work',
    detail: 'What is running stops when you leave. A training goes on from its last checkpoint when you continue it.',
    buttons: ['Stay', 'Leave'],
    defaultId: 0,
    cancelId: 0,
    noLink: true
  })
  return chosen === leave
}

/** The main display's first. */
function workAreas(): Rectangle[] {
  const main = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id)
  return [main, ...others].map(({ workArea }) => workArea)
}
