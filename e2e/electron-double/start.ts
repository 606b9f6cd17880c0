/**
 * Starts a built app in the double, in this process: `node start.js FOLDER [SWITCHES AND FILES]`, as `electron FOLDER`.
 * The switch `--user-data-dir` is required, so that no test writes where a user's app keeps its data.
 */
import { readFileSync } from 'node:fs'
import { createRequire, register } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { announceReady, app, isQuitting, prepareApp, switches } from './app'
import { startChromium } from './chromium'
import { answerTest, tellTest } from './control'
import { becomeReady } from './life'
import { preventable } from './modelled-emitter'
import { readOptions } from './options'
import { complain, wordsOf } from './problems'
import { serveScheme } from './protocol'
import { refuseDownloads } from './session'

const [, , folder = '.', ...words] = process.argv
const options = readOptions()
const require = createRequire(resolve('package.json'))
const { version: electronVersion } = require('electron/package.json') as { version: string }

process.argv = [process.execPath, folder, ...words]
// Node's list of versions cannot be changed, but replaced.
Object.defineProperty(process, 'versions', {
  value: { ...process.versions, electron: electronVersion, chrome: options.chromium.version }
})
prepareApp(resolve(folder), userData())
register('./hooks.js', import.meta.url)
answerTest()
process.on('SIGTERM', () => app.quit())
process.on('uncaughtException', (error) => {
  // Electron shows it and goes on, unless the app itself listens.
  if (process.listenerCount('uncaughtException') === 1) complain(`uncaught in the main process: ${wordsOf(error)}`)
})
process.on('unhandledRejection', (reason) => complain(`unhandled in the main process: ${wordsOf(reason)}`))

await import(mainScript())
await getReady()

async function getReady(): Promise<void> {
  app.emit('will-finish-launching')
  for (const file of options.openFiles ?? []) app.emit('open-file', preventable(), file)
  const rules = [await serveScheme(), ...valuesOf('host-resolver-rules')].join(', ')
  // An app that quits before it is ready never gets so far.
  if (isQuitting()) return
  const chromium = await startChromium(options.chromium, join(app.getPath('sessionData'), 'Chromium'), rules)
  await refuseDownloads(chromium)
  becomeReady(chromium)
  tellTest({ ready: chromium.endpoint, browser: chromium.pid })
  announceReady()
}

function valuesOf(name: string): string[] {
  return switches.flatMap(([each, value]) => (each === name && value !== undefined ? [value] : []))
}

function mainScript(): string {
  const { main } = JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8')) as { main: string }
  return pathToFileURL(resolve(folder, main)).href
}

function userData(): string {
  const name = '--user-data-dir='
  const word = words.find((each) => each.startsWith(name))
  if (word === undefined) throw new Error(`expected ${name}FOLDER among the double's arguments, found none`)
  return resolve(word.slice(name.length))
}
