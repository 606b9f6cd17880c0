// The built app in a browser, with a script of a benchmark's own that measures it and sends what it found. No debugger is
// attached, which would slow the page down: the page itself tells.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { findChromium } from './chromium.mjs'
import { quietArguments } from './chromium-options.mjs'
import { say } from './command.mjs'
import { build, prepare } from './prepare.mjs'
import { answer, builtPage, serve } from './serve.mjs'
import { pageHeaders } from './static-files.mjs'

/** ms that a browser is left alone: to settle after its start, and to store compiled code before its end. */
const pause = 6000
/** ms after which a measurement has failed. */
const patience = 120_000

/**
 * Runs a benchmark, whose only argument is how often it measures.
 *
 * @param {{ name: string, rounds: number, what: string, run: (rounds: number) => Promise<void> }} benchmark `rounds`
 *   without an argument; `what` is counted by it
 */
export async function runBenchmark({ name, rounds, what, run }) {
  const asked = Number(process.argv[2] ?? rounds)
  if (!Number.isInteger(asked) || asked < 1) {
    say(`npm run ${name} [-- ROUNDS]: expected a whole number of ${what}, 1 or more`)
    process.exitCode = 2
    return
  }
  try {
    prepare()
    build()
    await run(asked)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}

/**
 * Serves the built app for measurements, with one profile for all of them.
 *
 * @template Found
 * @param {{ fragment: string, script: string }} page what is chosen, as in a link, and the script, which ends by
 *   `found(value)`
 * @returns {Promise<{ open: () => Promise<Found>, close: () => void }>} `open` starts a browser, lets it open the app,
 *   and ends it once it has found something
 */
export async function serveMeasured({ fragment, script }) {
  const browser = await findChromium()
  const profile = mkdtempSync(join(tmpdir(), 'moescope-bench-'))
  const files = {
    '/': readFileSync(join(builtPage, 'index.html'), 'utf8').replace(
      '<head>',
      '<head><script src="/measure.js"></script>'
    ),
    '/measure.js': `
      const found = (value) => fetch('/', { method: 'POST', body: JSON.stringify(value) })
      ${script}`,
    // The browser settles here before it goes to the app. Another site than the app's, so that this one gets a process
    // of its own.
    '/wait': `<!doctype html><script>
      setTimeout(() => location.replace('http://127.0.0.1:' + location.port + '/#${fragment}'), ${pause})
    </script>`
  }
  /** @type {(found: Found) => void} */
  let tell = () => {}
  /** @type {typeof answer} */
  async function respond(folder, request, response) {
    if (request.method === 'POST') {
      tell(/** @type {Found} */ (await json(request)))
      return void response.writeHead(204, pageHeaders).end()
    }
    const text = files[/** @type {keyof typeof files} */ (request.url ?? '')]
    if (text === undefined) return answer(folder, request, response)
    const type = request.url === '/measure.js' ? 'text/javascript' : 'text/html'
    response.writeHead(200, { ...(request.url === '/wait' ? {} : pageHeaders), 'Content-Type': type }).end(text)
  }
  const { url, close } = await serve({ respond })
  const waitingRoom = new URL('wait', url.replace('127.0.0.1', 'localhost')).href
  return {
    open: async () => {
      const program = spawn(browser, [...quietArguments, `--user-data-dir=${profile}`, waitingRoom], {
        stdio: 'ignore'
      })
      const ended = once(program, 'exit')
      const giveUp = new AbortController()
      /** @type {Promise<Found>} */
      const told = new Promise((resolve) => {
        tell = resolve
      })
      try {
        return await Promise.race([
          told,
          ended.then(() => Promise.reject(new Error('The browser ended before anything was measured.'))),
          setTimeout(patience, undefined, { signal: giveUp.signal }).then(() =>
            Promise.reject(new Error(`Nothing was measured within ${patience / 1000} s.`))
          )
        ])
      } finally {
        giveUp.abort()
        await setTimeout(pause)
        program.kill()
        await ended
      }
    },
    close: () => {
      close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    }
  }
}
