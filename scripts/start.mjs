// npm start: opens the app in Electron, else as a window of an installed browser, else serves it and says where.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findBrowser } from './browser.mjs'
import { say } from './command.mjs'
import { fetchElectron, findElectron } from './electron.mjs'
import { build, prepare } from './prepare.mjs'
import { serve } from './serve.mjs'
import { hasDisplay, openAppWindow, openElectron } from './window.mjs'

const usualPort = 8652
const help = `npm start [-- OPTIONS] [FILE]

Opens Moescope: in Electron if it is here or can be fetched, else as a window of an
installed Chromium, Chrome or Edge, else on 127.0.0.1 for any Chromium-based browser.

  FILE        a saved state, run or routing trace to open (in Electron)

  --serve     only serve the app and print its address
  --port N    port of the served app (default: ${usualPort}, or any free one)
  --help      this text`

try {
  process.exitCode = await start()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function start() {
  const options = readOptions()
  if (options === undefined) return 2
  if (options.help) {
    console.log(help)
    return 0
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0))
  prepare()
  build()
  const windowed = !options.serve && hasDisplay()
  if (windowed) {
    const electron = findElectron() ?? fetchElectron()
    if (electron !== undefined) {
      const { status, stayed } = await openElectron(electron, options.files)
      if (stayed || status === 0) return status
      say('Electron could not open a window here; going on without it.')
    }
  } else if (!options.serve) say('There is no display here to open a window on.')
  if (options.files.length > 0) say(`Only the desktop app opens files by itself: drop ${options.files[0]} on the page.`)
  const server = await serveApp(options.port)
  if (windowed && (await shown(server.url))) {
    server.close()
    return 0
  }
  console.log(`Moescope is at ${server.url} (Ctrl+C ends it). Open it in Chromium, Chrome or Edge.`)
  console.log('The comparison runs in the terminal too: node out/cli/moescope.js compare')
  return 0
}

/**
 * Shows an address in an installed browser until its window is closed.
 *
 * @param {string} url
 * @returns {Promise<boolean>} whether there was such a window
 */
async function shown(url) {
  const browser = findBrowser()
  if (browser === undefined) {
    say('No Chromium, Chrome or Edge was found to open a window with.')
    return false
  }
  say(`Opening ${url} with ${browser}`)
  const { stayed } = await openAppWindow(browser, url)
  if (!stayed) say('The browser ended at once: the window is in one that already ran, or it could not open one.')
  return stayed
}

/** @returns {{ serve: boolean, port: number | undefined, help: boolean, files: string[] } | undefined} undefined for wrong usage */
function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      options: { serve: { type: 'boolean' }, port: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true
    })
    const port = values.port === undefined ? undefined : Number(values.port)
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
      throw new Error(`--port: expected a number from 0 to 65535, found '${values.port}'`)
    }
    const files = positionals.map((file) => resolve(process.env.INIT_CWD ?? '.', file))
    const missing = files.find((file) => !existsSync(file))
    if (missing !== undefined) throw new Error(`${missing}: expected a file, found none`)
    return { serve: values.serve ?? false, port, help: values.help ?? false, files }
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\nnpm start -- --help shows the options.`)
    return undefined
  }
}

/**
 * Serves at the port that was asked for, or at the usual one: what the page stores belongs to its address.
 *
 * @param {number | undefined} port
 */
async function serveApp(port) {
  try {
    return await serve({ port: port ?? usualPort })
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (taken && port === undefined) return serve()
    if (taken) throw new Error(`Port ${port} is taken: choose another with --port, or leave it out.`, { cause: error })
    throw error
  }
}
