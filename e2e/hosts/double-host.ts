import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { chromiumOptions } from '../../scripts/chromium-options.mjs'
import type { Message, Question, Report } from '../electron-double/control'
import { type DoubleOptions, optionsVariable } from '../electron-double/options'
import { fileChoices } from './file-choices'
import type { DesktopHost } from './host'
import { fragmentOf } from './watched-page'

/** The address at which the double serves the app. */
const address = 'http://moescope.localhost/index.html'

/** The double's options, besides those for starting its browser. */
export type Machine = Omit<DoubleOptions, 'chromium'> & {
  /** The folder in which the app is told to keep its data, instead of an empty one. */
  readonly userData?: string
}

/** Time between two looks at a process that is to end, in ms. */
const lookEvery = 50

interface Running {
  readonly browser: Browser
  ask(question: Question): Promise<unknown>
}

interface Started {
  readonly program: ChildProcess
  /** The exit status, once the program and its browser have ended. */
  readonly ended: Promise<number | null>
  /** Resolves once the app is ready; rejects when it ends before that. */
  readonly connected: Promise<Running>
}

/** The app in the Electron double. */
export function createDoubleHost({ userData: chosen, ...machine }: Machine = {}): DesktopHost {
  const home = mkdtempSync(join(tmpdir(), 'moescope-e2e-'))
  const userData = chosen ?? join(home, 'user-data')
  const problems: string[] = []
  const all: Started[] = []
  let started: Started | undefined
  const current = () => {
    if (!started) throw new Error('expected the app to be open: call host.open() first')
    return started
  }
  let running: Running | undefined
  const connection = () => {
    if (!running) throw new Error('expected the app to be open: call host.open() first')
    return running
  }
  const start = (args: readonly string[], cwd?: string) => {
    const one = startDouble(machine, [`--user-data-dir=${userData}`, ...args], cwd, problems)
    all.push(one)
    return one
  }

  const host: DesktopHost = {
    name: 'double',
    userData,
    open: async ({ link, args = [] } = {}) => {
      started = start(args)
      running = await started.connected
      const page = await firstPage(running.browser)
      // Not reloaded: the browser may not yet know of the new fragment when it is asked to, and loses it then.
      if (link) await page.goto(address + fragmentOf(link))
      return page
    },
    close: async () => {
      // There is no answer: the process ends instead.
      connection()
        .ask({ run: '({ app }) => app.quit()', argument: null })
        .catch(() => {})
      await current().ended
    },
    kill: async () => {
      const { program, ended } = current()
      program.kill('SIGKILL')
      await ended
    },
    ...fileChoices((dialog) => host.expectDialog(dialog)),
    pages: () => running?.browser.contexts().flatMap((context) => context.pages()) ?? [],
    // The function that is asked for made the value that comes back.
    inMain: async (act, argument) => (await connection().ask({ run: act.toString(), argument })) as never,
    expectDialog: async (dialog) => void (await connection().ask({ expect: dialog })),
    shownDialogs: async () => ((await connection().ask({ report: true })) as Report).shown,
    startSecond: (args, cwd) => {
      const second = start(args, cwd)
      second.connected.catch(() => {})
      return second.ended
    },
    exited: () => current().ended,
    problems: () => problems,
    dispose: async () => {
      for (const { program, ended } of all) {
        program.kill('SIGKILL')
        await ended
      }
      rmSync(home, { recursive: true, force: true, maxRetries: 10 })
    }
  }
  return host
}

function startDouble(
  machine: Omit<DoubleOptions, 'chromium'>,
  args: readonly string[],
  cwd = process.cwd(),
  problems: string[]
): Started {
  const options: DoubleOptions = { ...machine, chromium: browserOptions() }
  const { ELECTRON_RENDERER_URL: _, ...env } = process.env
  const program = spawn(process.execPath, [resolve('out/electron-double/start.js'), resolve('.'), ...args], {
    cwd,
    env: { ...env, [optionsVariable]: JSON.stringify(options) },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    serialization: 'advanced'
  })
  let said = ''
  program.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-10_000)
  })
  let browser: number | undefined
  program.on('message', (message: Message) => {
    if ('problem' in message) problems.push(message.problem)
    if ('ready' in message) browser = message.browser
  })
  const exited = new Promise<number | null>((done) => program.once('exit', done))
  const failed = exited.then((code) => {
    throw new Error(`the app ended with ${code}: ${said}`)
  })
  failed.catch(() => {})
  const ended = exited.then(async (code) => {
    // Its browser ends with it, but a moment later.
    if (browser !== undefined) await endOf(browser)
    return code
  })
  return { program, ended, connected: Promise.race([connect(program, failed), failed]) }
}

let browserFound: DoubleOptions['chromium'] | undefined

/** The browser that the other tests use, too; it is asked for its version once, because that takes long. */
function browserOptions(): DoubleOptions['chromium'] {
  if (browserFound) return browserFound
  const { args, executablePath = chromium.executablePath() } = chromiumOptions
  // On Windows it would open a window; there a file beside it has the version in its name.
  const said =
    process.platform === 'win32'
      ? readdirSync(dirname(executablePath)).join(' ')
      : execFileSync(executablePath, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  browserFound = { args, executablePath, version: /\d+(\.\d+){3}/.exec(said)?.[0] ?? 'unknown' }
  return browserFound
}

/** Waits until the double's browser can be reached, and takes part in what happens there. */
async function connect(program: ChildProcess, failed: Promise<never>): Promise<Running> {
  const answers = new Map<number, (message: { value: unknown } | { error: string }) => void>()
  let asked = 0
  const endpoint = await new Promise<string>((done) => {
    program.on('message', (message: Message) => {
      if ('ready' in message) done(message.ready)
      else if ('id' in message) answers.get(message.id)?.(message)
    })
  })
  // The test has a limit; what is awaited within it has none of its own.
  const browser = await chromium.connectOverCDP(endpoint, { timeout: 0 })
  for (const context of browser.contexts()) {
    context.setDefaultTimeout(0)
    // Whoever listens does not answer dialogs: the double does.
    context.on('dialog', () => {})
  }
  const ask = (question: Question) =>
    new Promise<unknown>((done, refused) => {
      const id = ++asked
      answers.set(id, (message) => ('error' in message ? refused(new Error(message.error)) : done(message.value)))
      program.send({ id, question })
    })
  return { browser, ask: (question) => Promise.race([ask(question), failed]) }
}

async function endOf(pid: number): Promise<void> {
  while (runs(pid)) await new Promise((next) => setTimeout(next, lookEvery))
}

/** True while a process runs: an ended one stays where nobody asks for its status, as in some containers. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function firstPage(browser: Browser): Promise<Page> {
  const [context] = browser.contexts()
  if (!context) throw new Error("expected the browser's own context, found none")
  const page = context.pages()[0] ?? (await context.waitForEvent('page'))
  await page.waitForURL((url) => url.href.startsWith(address))
  return page
}
