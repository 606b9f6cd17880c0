import { version } from '../../../package.json'
import { browserCrashes } from './browser-crashes'
import { openDatabase, openRunsDatabase } from './browser-database'
import { browserFiles } from './browser-files'
import { browserFolders } from './browser-folders'
import { browserStorage } from './browser-storage'
import { holdByLock } from './held-runs'
import type { Host } from './host'
import { shippedFiles } from './shipped-files'

/** A browser, which shows the app as a page. */
export function createBrowserHost(): Host {
  const database = openDatabase()
  database.catch(() => undefined)
  const runsDatabase = openRunsDatabase()
  runsDatabase.catch(() => undefined)
  const versions: Host['versions'] = async () => ({ app: version, browser: navigator.userAgent })
  return {
    ...shippedFiles(),
    ...browserFiles(database),
    ...browserStorage(database),
    models: browserFolders(database, 'models'),
    runs: browserFolders(runsDatabase, 'runs'),
    hold: holdByLock,
    watchQueue: undefined,
    ...browserCrashes(versions),
    versions,
    copyText: (text) => navigator.clipboard.writeText(text),
    linkTo: (fragment) => Object.assign(new URL(location.href), { hash: fragment, search: '' }).href,
    toggleFullScreen: () =>
      document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
    openWindow: async (fragment) => {
      const address = Object.assign(new URL(location.href), { hash: fragment, search: '?second' })
      const { width, height, left, top } = await otherScreen()
      const opened = window.open(address, '_blank', `popup,width=${width},height=${height},left=${left},top=${top}`)
      if (!opened) throw new Error('the browser did not allow a second window')
    },
    setMenu: () => undefined,
    onCommand: () => undefined,
    setTheme: () => undefined
  }
}

interface Place {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly top: number
}

/** Position of another display, if there is one and the browser reports it. */
async function otherScreen(): Promise<Place> {
  const here = { width: innerWidth, height: innerHeight, left: screenX + 40, top: screenY + 40 }
  const managed = window as unknown as {
    getScreenDetails?(): Promise<{
      currentScreen: object
      screens: { availWidth: number; availHeight: number; availLeft: number; availTop: number }[]
    }>
  }
  const extended = 'isExtended' in screen && screen.isExtended === true
  if (!extended || !managed.getScreenDetails) return here
  const details = await managed.getScreenDetails().catch(() => undefined)
  const other = details?.screens.find((each) => each !== details.currentScreen)
  return other
    ? { width: other.availWidth, height: other.availHeight, left: other.availLeft, top: other.availTop }
    : here
}
