/** The browsers of this machine: one that shows a page, and a Chromium that makes pictures without a window. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '../../scripts/browser.mjs'
import { hasDisplay } from '../../scripts/window.mjs'
import { FailureError } from '../terminal/errors'

/** The program of a Chromium, Chrome or Edge: CHROMIUM_PATH, else an installed one. Throws a `FailureError`. */
export function chromium(): string {
  const asked = process.env.CHROMIUM_PATH
  if (asked) {
    if (existsSync(asked)) return asked
    throw new FailureError(`CHROMIUM_PATH: expected a browser's program, found nothing at ${asked}`)
  }
  const found = findBrowser()
  if (found !== undefined) return found
  throw new FailureError(
    'slides, pictures and videos take a browser, and no Chromium, Chrome or Edge was found: install one, ' +
      'or set CHROMIUM_PATH to its program (--html and --markdown need none)'
  )
}

/** A browser without a window that has opened an address, with a profile of its own. */
export interface HiddenBrowser {
  /** Rejects with a `FailureError` as soon as the browser has ended. */
  readonly ended: Promise<never>
  /** Ends it, and removes its profile. */
  close(): Promise<void>
}

export async function openHidden(program: string, address: string): Promise<HiddenBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'moescope-browser-'))
  const isRoot = process.getuid?.() === 0
  const child = spawn(
    program,
    [
      '--headless=new',
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(isRoot ? ['--no-sandbox'] : []),
      `--user-data-dir=${profile}`,
      address
    ],
    {
      stdio: 'ignore',
      // There Chromium leaves a folder of its own beside the profile: within, it goes with it.
      env: { ...process.env, ...(process.platform === 'linux' ? { TMPDIR: profile } : {}) }
    }
  )
  const ended = endOf(child, program)
  // Whoever closes it waits for nothing of it any more.
  ended.catch(() => undefined)
  return {
    ended,
    close: async () => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        const exit = once(child, 'exit')
        child.kill()
        await exit
      }
      // Its processes may write their last to it for a moment.
      await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }).catch(() => undefined)
    }
  }
}

async function endOf(child: ChildProcess, program: string): Promise<never> {
  const [status] = await once(child, 'exit').catch((error: unknown) => {
    throw new FailureError(`${program} could not be started`, { cause: error })
  })
  throw new FailureError(`${program} ended before it was done (status ${String(status)})`)
}

/** Shows an address in the user's browser; false where there is no display, or nothing that could be asked. */
export async function showInBrowser(address: string): Promise<boolean> {
  if (!hasDisplay()) return false
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', address]
        : ['xdg-open', address]
  const child = spawn(program ?? '', args, { stdio: 'ignore', detached: true })
  child.unref()
  return once(child, 'spawn').then(
    () => true,
    () => false
  )
}
