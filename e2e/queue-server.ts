/** A Redis server of one test, with a password; nothing is in it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'

const program = '/usr/bin/redis-server'

/** The reason for which no such server can be had here; undefined where it can. */
export const noQueueServer = existsSync(program) ? undefined : `${program} is not here (Debian: redis-server)`

export async function queueServer(password: string): Promise<{ readonly url: string; end(): void }> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  const options = { port, bind: '127.0.0.1', save: '', requirepass: password }
  const child = spawn(
    program,
    Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  )
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with status ${child.exitCode}`)
  }
  return { url: `redis://127.0.0.1:${port}`, end: () => void child.kill('SIGKILL') }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => setTimeout(() => resolve(false), 20))
  })
}
