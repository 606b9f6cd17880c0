/** Sweeps by real queues, whose servers and workers are killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { storeName, storeSchema } from '@core/lab/sweep/folder'
import { expect, onTestFinished, test } from 'vitest'
import { queuePlace } from '../../../node/queue/place'
import { type QueueState, watchQueue } from '../../../node/queue/watch'
import { runCommand } from '../../command.fixture'
import { programOf } from '../../process.fixture'
import { mixedSweep, sweepSetUp, tinySweep, weightsIn } from '../sweep.fixture'
import { networkTo, password, testServers } from './servers.fixture'

/** A clock that runs ahead at every look, so that a training saves after a few steps for the first time. */
const quickClock = `data:text/javascript,${encodeURIComponent(
  'const now = performance.now.bind(performance); let ahead = 0; performance.now = () => now() + (ahead += 50)'
)}`

/** A worker in a process of its own, with one slot, whose URL is in its environment. */
function startWorker(out: string, url: string) {
  const [file = '', ...first] = programOf()
  const child = spawn(file, [...first, 'worker', '--store', out, '--slots', '1', '--lease', String(lease)], {
    env: { ...process.env, MOESCOPE_QUEUE: url, NODE_OPTIONS: `--import=${quickClock}` },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let told = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      told += text.toString()
    })
  }
  onTestFinished(() => end(child, 'SIGKILL'))
  return { child, told: () => told }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

async function until(isReached: () => Promise<boolean>): Promise<void> {
  while (!(await isReached())) await wait(20)
}

async function watchedState(url: string, out: string): Promise<QueueState> {
  const { id } = storeSchema.parse(JSON.parse(await readFile(join(out, storeName), 'utf8')))
  const place = queuePlace(url)
  if (!place) throw new Error('expected the URL of a queue')
  const watched = await watchQueue(place, id)
  try {
    return await watched.state()
  } finally {
    await watched.close()
  }
}

/** The weights of a sweep that nobody disturbs, by processes of this machine; computed for the first server alone. */
let undisturbed: Promise<Record<string, string>> | undefined

async function computeHere(): Promise<Record<string, string>> {
  const { out, sweep } = await sweepSetUp(mixedSweep())
  expect(await sweep(['--workers', '2'])).toMatchObject({ status: 0, errors: '' })
  return weightsIn(out)
}

/** Seconds. */
const lease = 2

for (const { name, missing, start } of testServers) {
  test.skipIf(missing !== undefined)(
    `${name}: a worker, the server and the network fail; 24 runs end, each once, with the weights that they have here`,
    async () => {
      undisturbed ??= computeHere()
      const [here, server] = await Promise.all([undisturbed, start()])
      const network = await networkTo(server.url)
      const { out, sweep } = await sweepSetUp(mixedSweep())
      const ran = sweep(['--queue', network.url])
      await until(async () => (await readdir(out).catch((): string[] => [])).includes('sweep.jsonl'))
      const [first, other] = [startWorker(out, network.url), startWorker(out, network.url)]
      const isSaved = async () => {
        const ids = await readdir(join(out, 'runs')).catch((): string[] => [])
        const files = await Promise.all(ids.map((id) => readdir(join(out, 'runs', id))))
        return files.some((names) => names.includes('run.safetensors'))
      }
      await until(isSaved)
      // Who only looks, as the app does, sees both workers and what they compute.
      const seen = await watchedState(server.url, out)
      expect(seen.workers).toEqual([first, other].map(({ child }) => `${hostname()}:${child.pid}`).sort())
      expect(seen.waiting + seen.computing.length).toBeGreaterThan(0)
      expect(seen.computing.map(({ worker }) => worker)).toEqual(
        seen.computing.map(() => expect.stringContaining(hostname()))
      )
      await end(first.child, 'SIGKILL')
      await server.restart()
      // Longer than any run is left to a worker that gives no sign of life.
      network.lose()
      await wait(2000 * lease)
      network.find()
      // Who goes through the list by itself meets the worker of the queue at the same runs.
      const listed = runCommand(['worker', '--store', out, '--slots', '1'])
      const { status, output, errors } = await ran
      expect({ status, errors }).toMatchObject({ status: 0 })
      expect((await listed).status).toBe(0)
      const runs = output
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { run: string })
      expect(runs.map(({ run }) => run).sort()).toEqual(Object.keys(here))
      expect(await weightsIn(out)).toEqual(here)
      const table = await readFile(join(out, 'results.csv'), 'utf8')
      expect(table.trimEnd().split('\n')).toHaveLength(1 + 24)

      // A worker that is asked to end does so by itself, and nobody tells the password.
      await end(other.child, 'SIGTERM')
      expect(other.child.exitCode).toBe(0)
      const told = [output, errors, first.told(), other.told()].join('')
      expect(told).toContain('127.0.0.1')
      for (const secret of [password, encodeURIComponent(password)]) expect(told).not.toContain(secret)
      for (const file of ['store.json', 'sweep.jsonl', 'results.csv']) {
        expect(await readFile(join(out, file), 'utf8')).not.toContain(password)
      }
    }
  )

  test.skipIf(missing !== undefined)(`${name}: a wrong password and a server that is not there are told`, async () => {
    const { sweep } = await sweepSetUp(tinySweep(1, [1]))
    const { url } = await start()
    const wrong = await sweep(['--queue', url.replace(encodeURIComponent(password), 'wr0ng')])
    expect(wrong.status).toBe(1)
    expect(wrong.errors).toMatch(/^moescope: the queue at \w+:\/\/127\.0\.0\.1:\d+\S* refuses this user or password\n$/)
    const nobody = await sweep(['--queue', url.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1')])
    expect(nobody.errors).toMatch(/^moescope: no queue answers at \w+:\/\/127\.0\.0\.1:1\S*: .*ECONNREFUSED.*\n$/)
    const other = await sweep(['--queue', 'http://user:wr0ng@host'])
    expect(other.status).toBe(2)
    expect(other.errors).not.toContain('wr0ng')
  })
}
