/** Real servers of queues, which can be killed; each with a password, and with nothing else on the machine to disturb. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { chown, mkdir, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../../command.fixture'
import { openQueueServer } from './server'

export const password = 's3cret/word'

export interface TestServer {
  readonly url: string
  /** Ends it without a chance to save anything, and begins it again. */
  restart(): Promise<void>
}

export interface TestServerKind {
  readonly name: string
  /** The reason for which it cannot be tried here; undefined where it can. */
  readonly missing: string | undefined
  start(): Promise<TestServer>
}

const redisPath = '/usr/bin/redis-server'

const redis: TestServerKind = {
  name: 'Redis',
  missing: existsSync(redisPath) ? undefined : `${redisPath} is not here (Debian: redis-server)`,
  start: async () => {
    const folder = await temporaryFolder()
    const port = await freePort()
    const config = join(folder, 'redis.conf')
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      'save ""',
      'appendonly yes',
      `requirepass ${password}`
    ]
    await writeFile(config, lines.join('\n'))
    return serverOf(`redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`, () => spawn(redisPath, [config]))
  }
}

const postgresFolder = postgresPrograms()

const postgres: TestServerKind = {
  name: 'PostgreSQL',
  missing: postgresFolder ? undefined : '/usr/lib/postgresql is not here (Debian: postgresql)',
  start: async () => {
    const folder = await temporaryFolder()
    const [data, secret] = [join(folder, 'data'), join(folder, 'password')]
    await writeFile(secret, password)
    await mkdir(data)
    // The server refuses to be run by root.
    const isRoot = process.getuid?.() === 0
    const [uid, gid] = isRoot ? ['-u', '-g'].map((which) => Number(execFileSync('id', [which, 'postgres']))) : []
    if (uid !== undefined && gid !== undefined) {
      for (const each of [folder, data, secret]) await chown(each, uid, gid)
    }
    const as = uid === undefined || gid === undefined ? {} : { uid, gid }
    const program = (name: string) => join(postgresFolder ?? '', name)
    const flags = ['-D', data, '-U', 'moescope', '-A', 'scram-sha-256', '--pwfile', secret, '--no-sync', '-E', 'UTF8']
    execFileSync(program('initdb'), flags, { ...as, stdio: 'ignore' })
    const port = await freePort()
    const url = `postgres://moescope:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
    return serverOf(url, () =>
      spawn(program('postgres'), ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1'], as)
    )
  }
}

export const testServers: readonly TestServerKind[] = [redis, postgres]

for (const { name, missing } of testServers) {
  if (missing !== undefined) process.stderr.write(`sweeps with ${name} are not tried: ${missing}\n`)
}

/** A way to a server that can be lost: what is on its way arrives once it is there again. */
export interface Network {
  /** The URL of the server by this way. */
  readonly url: string
  lose(): void
  find(): void
}

export async function networkTo(url: string): Promise<Network> {
  const { port, hostname } = new URL(url)
  const sockets = new Set<Socket>()
  let isLost = false
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near]
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => to.write(bytes))
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      if (isLost) from.pause()
    }
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    url: url.replace(`:${port}`, `:${await portOf(server)}`),
    lose: () => {
      isLost = true
      for (const socket of sockets) socket.pause()
    },
    find: () => {
      isLost = false
      for (const socket of sockets) socket.resume()
    }
  }
}

/** The programs of the newest version. */
function postgresPrograms(root = '/usr/lib/postgresql'): string | undefined {
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  return versions.map((version) => join(root, version, 'bin')).find((each) => existsSync(join(each, 'initdb')))
}

async function serverOf(url: string, begin: () => ChildProcess): Promise<TestServer> {
  let child = begin()
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  const isAnswering = () =>
    openQueueServer(url).then(
      () => true,
      () => false
    )
  const answered = async () => {
    while (!(await isAnswering())) {
      await wait(100)
      // PostgreSQL begins only once the last process of the server that was killed has gone.
      if (child.exitCode !== null) child = begin()
    }
  }
  onTestFinished(end)
  await answered()
  return {
    url,
    restart: async () => {
      await end()
      child = begin()
      await answered()
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  const port = await portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function portOf(server: Server): Promise<number> {
  if (!server.listening) await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}
