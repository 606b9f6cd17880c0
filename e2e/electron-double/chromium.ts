/** The real browser in which the app's pages are opened. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { type DevTools, openDevTools, type Session } from './devtools'
import type { DoubleOptions } from './options'
import { complain } from './problems'

/** A running browser. */
export interface Chromium {
  /** The address at which Playwright can connect to it. */
  readonly endpoint: string
  /** Its process. */
  readonly pid: number | undefined
  readonly browser: Session
  /** Opens an empty page; resolves with its session once nothing of it has run. */
  openPage(): Promise<Session>
  close(): Promise<void>
}

/** ms that Chromium may take to end by itself. */
const patience = 5000

/**
 * Starts Chromium with a profile of its own.
 *
 * @param rules for its resolver of names, e.g. `MAP moescope.localhost:80 127.0.0.1:4711`
 * @throws {Error} with what Chromium said when it does not start
 */
export async function startChromium(
  { executablePath, args }: DoubleOptions['chromium'],
  profile: string,
  rules: string
): Promise<Chromium> {
  const program = spawn(
    executablePath,
    [
      ...args,
      `--user-data-dir=${profile}`,
      `--host-resolver-rules=${rules}`,
      // The double speaks through the pipe, so that the browser ends with it however it ends; tests come by the port.
      '--remote-debugging-pipe',
      '--remote-debugging-port=0',
      '--no-startup-window'
    ],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] }
  )
  const [, , said, to, from] = program.stdio as [null, null, Readable, Writable, Readable]
  const devTools = openDevTools(from, to)
  const endpoint = await findEndpoint(program, said)
  const openPage = await watchPages(devTools)
  return {
    endpoint,
    pid: program.pid,
    browser: devTools.browser,
    openPage,
    close: async () => {
      if (program.exitCode !== null || program.signalCode !== null) return
      const ended = new Promise((done) => program.once('exit', done))
      devTools.browser.send('Browser.close').catch(() => {})
      const kill = setTimeout(() => program.kill('SIGKILL'), patience)
      await ended
      clearTimeout(kill)
    }
  }
}

async function findEndpoint(program: ChildProcess, said: Readable): Promise<string> {
  let text = ''
  return new Promise((found, failed) => {
    said.setEncoding('utf8')
    said.on('data', (part: string) => {
      text = (text + part).slice(-10_000)
      const endpoint = /ws:\/\/\S+/.exec(text)?.[0]
      if (endpoint !== undefined) found(endpoint)
    })
    program.once('error', failed)
    program.once('exit', (code) => failed(new Error(`Chromium ended at its start with ${code}: ${text}`)))
  })
}

/** Every page is held at its start; one that the double opens is given to it before it goes on. */
async function watchPages(devTools: DevTools): Promise<Chromium['openPage']> {
  const { browser } = devTools
  const attached = new Map<string, Session>()
  const waiting = new Map<string, (session: Session) => void>()
  browser.on('Target.attachedToTarget', ({ sessionId, targetInfo: { targetId, openerId } }) => {
    const session = devTools.session(sessionId)
    if (openerId !== undefined) {
      complain('a page that may open windows opened one, which the Electron double closes')
      // First it goes on: who opened it waits for it in the same process, and would do so for ever once it is gone.
      session.send('Runtime.runIfWaitingForDebugger').catch(() => {})
      return void browser.send('Target.closeTarget', { targetId }).catch(() => {})
    }
    const resolve = waiting.get(targetId)
    if (resolve) resolve(session)
    else attached.set(targetId, session)
    // Another's page, such as one of the test's, goes on as well.
    session.send('Runtime.runIfWaitingForDebugger').catch(() => {})
  })
  await browser.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: 'page' }]
  })
  return async () => {
    const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' })
    return attached.get(targetId) ?? new Promise((done) => waiting.set(targetId, done))
  }
}
