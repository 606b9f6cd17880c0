import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication } from '@playwright/test'
import packageFile from '../../package.json' with { type: 'json' }
import type { ExpectedDialog, ShownDialog } from '../electron-double/dialog'
import type { Machine } from './double-host'
import { fileChoices } from './file-choices'
import type { DesktopHost, Electron } from './host'
import { fragmentOf, watch } from './watched-page'

const address = 'app://moescope/index.html'

declare global {
  /** In the main process: what `answerDialogs` keeps there. */
  var expectedDialogs: ExpectedDialog[]
  var shownDialogs: ShownDialog[]
}

/**
 * The app in Electron itself.
 *
 * @param executablePath Electron's program
 * @param machine of which only the folder can be chosen: the system is the real one
 */
export function createElectronHost(executablePath: string, { userData: chosen }: Machine = {}): DesktopHost {
  const home = mkdtempSync(join(tmpdir(), 'moescope-e2e-'))
  const userData = chosen ?? join(home, ...settingsOf(process.platform), packageFile.productName)
  const problems: string[] = []
  const words = (args: readonly string[]) => [resolve('.'), `--user-data-dir=${userData}`, ...args]
  let running: ElectronApplication | undefined
  let ended: Promise<number | null> = Promise.resolve(null)
  const current = () => {
    if (!running) throw new Error('expected the app to be open: call host.open() first')
    return running
  }
  const host: DesktopHost = {
    name: 'electron',
    userData,
    open: async ({ link, args = [] } = {}) => {
      running = await _electron.launch({ executablePath, args: words(args), env: environment(home) })
      const program = running.process()
      ended = new Promise((done) => program.once('exit', done))
      running.on('window', (page) => watch(page, problems))
      await running.evaluate(answerDialogs)
      const page = await running.firstWindow()
      await page.waitForURL((url) => url.href.startsWith(address))
      // Not reloaded: the browser may not yet know of the new fragment when it is asked to, and loses it then.
      if (link) await page.goto(address + fragmentOf(link))
      return page
    },
    close: async () => {
      // There is no answer: the process ends instead.
      current()
        .evaluate(({ app }) => app.quit())
        .catch(() => {})
      await ended
    },
    kill: async () => {
      current().process().kill('SIGKILL')
      await ended
    },
    ...fileChoices((dialog) => host.expectDialog(dialog)),
    pages: () => running?.windows() ?? [],
    // Playwright has another type for a function without an argument.
    inMain: (act, argument) => current().evaluate(act as (electron: Electron, argument: unknown) => never, argument),
    expectDialog: (dialog) =>
      host.inMain((_electron, expected) => void globalThis.expectedDialogs.push(expected), dialog),
    shownDialogs: () => host.inMain(() => globalThis.shownDialogs, null),
    startSecond: (args, cwd) => {
      const second = spawn(executablePath, words(args), { cwd, env: environment(home), stdio: 'ignore' })
      return new Promise((done) => second.once('exit', done))
    },
    exited: () => ended,
    problems: () => problems,
    dispose: async () => {
      const program = running?.process()
      if (program?.exitCode === null && program.signalCode === null) await host.kill()
      rmSync(home, { recursive: true, force: true, maxRetries: 10 })
    }
  }
  return host
}

/**
 * The user's home and what the system's variables say of it, so that Electron keeps the app's data in the same folder
 * by itself as by its switch.
 */
function environment(home: string): Record<string, string> {
  const { ELECTRON_RENDERER_URL: _, ...others } = process.env
  // Elsewhere the home holds what a display needs.
  const moved = process.platform === 'darwin' ? { HOME: home } : { XDG_CONFIG_HOME: home, APPDATA: home }
  const env = { ...others, ...moved }
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  )
}

/** The folder below the user's home in which apps keep their data. */
function settingsOf(platform: NodeJS.Platform): string[] {
  return platform === 'darwin' ? ['Library', 'Application Support'] : []
}

/** In the main process: dialogs are answered as the test says, and one that it does not expect throws. */
function answerDialogs({ dialog }: Electron): void {
  globalThis.expectedDialogs = []
  globalThis.shownDialogs = []
  const answer =
    (name: ExpectedDialog['dialog']) =>
    (...args: unknown[]) => {
      globalThis.shownDialogs.push({ dialog: name, asked: args.at(-1) })
      const expected = globalThis.expectedDialogs.shift()
      if (expected?.dialog !== name)
        throw new Error(`${name} opened and the test expected ${expected?.dialog ?? 'none'}`)
      return 'answer' in expected ? expected.answer : undefined
    }
  const later = (name: ExpectedDialog['dialog']) => {
    const now = answer(name)
    return async (...args: unknown[]) => now(...args)
  }
  Object.assign(dialog, {
    showOpenDialog: later('showOpenDialog'),
    showSaveDialog: later('showSaveDialog'),
    showMessageBox: later('showMessageBox'),
    showMessageBoxSync: answer('showMessageBoxSync'),
    showErrorBox: answer('showErrorBox')
  })
}
