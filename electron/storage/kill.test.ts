/** The process is killed at random moments while it writes: what it said was stored is there, and whole. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../../core/random'
import { createServices } from '../services'
import type { Folders } from './folders'
import { numberedDocument, numberOf } from './numbered.fixture'
import { sweepLeftOvers } from './sweep'

const system = { addRecentDocument: () => undefined, clearRecentDocuments: () => undefined }
let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'moescope-'))
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: { ssr: resolve('electron/storage/kill.fixture.ts'), outDir: join(home, 'program'), minify: false }
  })
})

afterAll(() => rm(home, { recursive: true }))

test.concurrent.each([1, 2])('twenty kills lose and tear nothing, half %i', async (seed) => {
  const folder = join(home, String(seed))
  const moment = createRandom(seed, 'kill')
  for (let kill = 1; kill <= 10; kill++) {
    const stored = await writeUntilKilled(folder, kill * 100_000, moment.integer(200))
    await expectNextStart(folder, stored)
  }
})

/** The last stored values, by name, of a process that was killed some ms after it had stored everything once. */
async function writeUntilKilled(folder: string, first: number, ms: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [join(home, 'program', 'kill.fixture.js'), folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let said = ''
  const stored = () =>
    new Map([...said.matchAll(/^(\S+) (\d+)\n/gm)].map(([, name = '', n]) => [name, Number(n)] as const))
  child.stdout.setEncoding('utf8')
  await new Promise<void>((storedOnce, failed) => {
    child.once('exit', (code) => failed(new Error(`the process ended by itself with ${code}`)))
    child.stdout.on('data', (text: string) => {
      said += text
      if (stored().size === 6) storedOnce()
    })
  })
  await wait(ms)
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  expect(await closed).toEqual([null, 'SIGKILL'])
  return stored()
}

async function expectNextStart(folder: string, stored: ReadonlyMap<string, number>): Promise<void> {
  const services = createServices({ folder, problem: null }, { app: '0.0.0' }, system)
  for (const name of ['settings', 'state'] as const) {
    const found = await services.documents.recall(name)
    if (found === null || !('value' in found))
      throw new Error(`${name}: expected a value, found ${JSON.stringify(found)}`)
    const { n } = found.value as { n: number }
    expect(found.value).toEqual(numberedDocument(n))
    expect(n).toBeGreaterThanOrEqual(stored.get(name) ?? Number.NaN)
  }
  const { models, runs } = services.folders
  const numberIn = async (from: Folders, id: string, name: string) =>
    numberOf((await from.read(id, name)) ?? Uint8Array.of())
  for (const name of ['model.safetensors', 'run.safetensors']) {
    expect(await numberIn(models, 'trained', name)).toBeGreaterThanOrEqual(stored.get(name) ?? Number.NaN)
  }
  const checkpoint = await numberIn(runs, 'trained', 'checkpoints/step-1/model.safetensors')
  expect(checkpoint).toBeGreaterThanOrEqual(stored.get('checkpoint') ?? Number.NaN)
  const others = (await models.ids()).filter((id) => id !== 'trained')
  for (const id of others) await numberIn(models, id, 'config.json')
  await sweepLeftOvers(services)
  const left = await readdir(folder, { recursive: true })
  expect(left.filter((name) => name.includes('.tmp') || name.includes('removed-'))).toEqual([])
  expect(services.lastSession.take()).toContain('did not end by itself')
}
