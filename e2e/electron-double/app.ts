import type { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { App, CommandLine } from 'electron'
import { closeBrowser, isReady, onlyBeforeReady } from './life'
import { modelled } from './modelled'
import { modelledEmitter, preventable } from './modelled-emitter'
import { releaseLock, takeLock } from './single-instance'
import { openWindows, windowEvents } from './windows'

const events = [
  'will-finish-launching',
  'ready',
  'open-file',
  'second-instance',
  'web-contents-created',
  'browser-window-created',
  'window-all-closed',
  'before-quit',
  'will-quit',
  'quit',
  // They never come: the double's processes are the browser's own, and it has no dock.
  'child-process-gone',
  'activate'
]

/** The app as its launcher describes it before anything of it runs. */
const facts = { folder: process.cwd(), version: '', paths: new Map<string, string>() }
let quitting = false
let becameReady: () => void
const whenReady = new Promise<void>((done) => {
  becameReady = done
})

const commandLine = modelled<CommandLine>('app.commandLine', {
  appendSwitch: (name, value) => {
    onlyBeforeReady('app.commandLine.appendSwitch')
    switches.push([name, value])
  }
})

/** Switches for the browser that the app asked for. */
export const switches: [name: string, value: string | undefined][] = []

/** Electron's module `app`. */
export const app: App & EventEmitter = modelledEmitter<App>('app', events, {
  name: 'moescope',
  isPackaged: false,
  commandLine,
  getVersion: () => facts.version,
  getAppPath: () => facts.folder,
  getPath: (name) => {
    const path = facts.paths.get(name)
    if (path === undefined) throw new Error(`the Electron double does not model app.getPath('${name}')`)
    return path
  },
  setPath: (name, path) => void facts.paths.set(name, path),
  isReady,
  whenReady: () => whenReady,
  enableSandbox: () => onlyBeforeReady('app.enableSandbox'),
  setAppUserModelId: () => {},
  // The system's own list, which the double has not.
  addRecentDocument: () => {},
  clearRecentDocuments: () => {},
  requestSingleInstanceLock: () =>
    takeLock(app.getPath('userData'), (args, cwd) => {
      void whenReady.then(() => app.emit('second-instance', preventable(), args, cwd, undefined))
    }),
  quit: () => void quit(),
  exit: (code = 0) => void end(code)
})

/** Before anything of the app runs: where it is, and where it keeps its data. */
export function prepareApp(folder: string, userData: string): void {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  Object.assign(facts, { folder, version })
  for (const [name, path] of [
    ['appData', dirname(userData)],
    ['userData', userData],
    ['sessionData', userData],
    ['temp', tmpdir()]
  ] as const) {
    facts.paths.set(name, path)
  }
  windowEvents.on('opened', ({ window, contents }) => {
    app.emit('web-contents-created', preventable(), contents)
    app.emit('browser-window-created', preventable(), window)
  })
  windowEvents.on('all-closed', () => {
    if (quitting) return
    if (app.listenerCount('window-all-closed') === 0) app.quit()
    else app.emit('window-all-closed')
  })
}

/** The browser runs. */
export function announceReady(): void {
  becameReady()
  app.emit('ready', preventable(), {})
}

/** True once the app has been told to quit, or is quitting. */
export function isQuitting(): boolean {
  return quitting
}

async function quit(): Promise<void> {
  if (quitting) return
  quitting = true
  quitting = happens('before-quit') && (await closeWindows()) && happens('will-quit')
  if (quitting) await end(0)
}

/** True when nobody prevented it. */
function happens(event: 'before-quit' | 'will-quit'): boolean {
  const asked = preventable()
  app.emit(event, asked)
  return !asked.defaultPrevented
}

/** True when every window closed; those after one that stays stay, too. */
async function closeWindows(): Promise<boolean> {
  for (const { requestClose } of openWindows()) {
    if (!(await requestClose())) return false
  }
  return true
}

async function end(code: number): Promise<void> {
  app.emit('quit', preventable(), code)
  releaseLock()
  await closeBrowser()
  process.exit(code)
}
