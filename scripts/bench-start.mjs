// npm run bench:start [-- ROUNDS]: how long the built app takes to open in a browser, from the page's first byte to the
// first text of both models. Once with an empty profile, then with what the browser has kept of the openings before.
//
// No debugger is attached, which would slow the page down: the page itself tells what it measured.
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

/** @typedef {{ interactive: number, text: number }} Opening ms after the navigation began */

/** ms that a browser is left alone: to settle after its start, and to store compiled code before its end. */
const pause = 6000
/** ms after which an opening has failed. */
const patience = 60_000

/** Where the browser settles before it goes to the app. */
const wait = `<!doctype html><script>
  setTimeout(() => location.replace('http://127.0.0.1:' + location.port + '/#view=compare'), ${pause})
</script>`

/** Clicks Run as soon as it is there, in the page. */
const measure = `
  let interactive
  const look = () => {
    const run = [...document.querySelectorAll('button')].find((button) => button.textContent.trim() === 'Run')
    if (interactive === undefined && run && !run.disabled) {
      interactive = performance.now()
      run.click()
    }
    if (!document.querySelector('[data-testid="text-1"] [data-position]')) return requestAnimationFrame(look)
    fetch('/', { method: 'POST', body: JSON.stringify({ interactive, text: performance.now() }) })
  }
  requestAnimationFrame(look)
`

const rounds = Number(process.argv[2] ?? 5)
if (Number.isInteger(rounds) && rounds > 0) {
  await main().catch((error) => {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  })
} else {
  say('npm run bench:start [-- ROUNDS]: expected a whole number of openings with a warm cache, 1 or more')
  process.exitCode = 2
}

async function main() {
  prepare()
  build()
  const { median } = await import('d3')
  const browser = await findChromium()
  const profile = mkdtempSync(join(tmpdir(), 'moescope-start-'))
  const page = await serveMeasured()
  try {
    console.log('cache   controls ready   first text   (seconds)')
    row('empty', await open(browser, profile, page))
    const warm = []
    for (let round = 0; round < rounds; round++) {
      warm.push(await open(browser, profile, page))
      row('warm', warm[round])
    }
    row('median', {
      interactive: median(warm, ({ interactive }) => interactive) ?? 0,
      text: median(warm, ({ text }) => text) ?? 0
    })
  } finally {
    page.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
  }
}

/**
 * Starts a browser, lets it open the app, and ends it.
 *
 * @param {string} browser
 * @param {string} profile
 * @param {Awaited<ReturnType<typeof serveMeasured>>} page
 * @returns {Promise<Opening>}
 */
async function open(browser, profile, page) {
  const program = spawn(browser, [...quietArguments, `--user-data-dir=${profile}`, page.waitingRoom], {
    stdio: 'ignore'
  })
  const ended = once(program, 'exit')
  const giveUp = new AbortController()
  try {
    return await Promise.race([
      page.opened(),
      ended.then(() => Promise.reject(new Error('The browser ended before the app was open.'))),
      setTimeout(patience, undefined, { signal: giveUp.signal }).then(() =>
        Promise.reject(new Error(`The app showed no text within ${patience / 1000} s.`))
      )
    ])
  } finally {
    giveUp.abort()
    await setTimeout(pause)
    program.kill()
    await ended
  }
}

/** Serves the built app with a script that measures its opening and sends what it found. */
async function serveMeasured() {
  const measured = readFileSync(join(builtPage, 'index.html'), 'utf8').replace(
    '<head>',
    '<head><script src="/measure.js"></script>'
  )
  /** @type {(opening: Opening) => void} */
  let tell = () => {}
  /** @type {typeof answer} */
  async function respond(folder, request, response) {
    if (request.method === 'POST') {
      tell(/** @type {Opening} */ (await json(request)))
      return void response.writeHead(204, pageHeaders).end()
    }
    if (request.url === '/') return html(response, measured, pageHeaders)
    if (request.url === '/wait') return html(response, wait, {})
    if (request.url !== '/measure.js') return answer(folder, request, response)
    response.writeHead(200, { ...pageHeaders, 'Content-Type': 'text/javascript' }).end(measure)
  }
  const { url, close } = await serve({ respond })
  return {
    // Another site than the app's, so that the app gets a process of its own.
    waitingRoom: new URL('wait', url.replace('127.0.0.1', 'localhost')).href,
    /** @returns {Promise<Opening>} */
    opened: () =>
      new Promise((resolve) => {
        tell = resolve
      }),
    close
  }
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {string} text
 * @param {Record<string, string>} headers
 */
function html(response, text, headers) {
  response.writeHead(200, { ...headers, 'Content-Type': 'text/html' }).end(text)
}

/**
 * @param {string} name
 * @param {Opening} opening
 */
function row(name, { interactive, text }) {
  const seconds = (/** @type {number} */ ms) => (ms / 1000).toFixed(2)
  console.log(name.padEnd(6), seconds(interactive).padStart(16), seconds(text).padStart(12))
}
