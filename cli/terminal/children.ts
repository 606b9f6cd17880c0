/** Commands of this program that compute at the same time, each in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Terminal } from './terminal'

/** Has glibc keep the buffers of a step for the next one instead of asking the system for fresh, empty pages. */
const keepWarmMemory = { MALLOC_MMAP_THRESHOLD_: '2000000000', MALLOC_TRIM_THRESHOLD_: '4000000000' }

/** Hears what a child writes, line by line, on standard output and standard error. */
export interface Listener {
  output(line: string): void
  error(line: string): void
}

/**
 * Begins a command line of this program in a process of its own, with a channel between the two; it takes the end of the
 * channel for an interruption (`Terminal.interruption`).
 */
export function startChild(
  { program: [file = '', ...first] }: Pick<Terminal, 'program'>,
  args: readonly string[],
  output: 'pipe' | 'inherit'
): ChildProcess {
  return spawn(file, [...first, ...args], {
    stdio: ['ignore', output, output, 'ipc'],
    env: { ...process.env, ...keepWarmMemory }
  })
}

/**
 * Runs a command line of this program in a process of its own, which is interrupted once `signal` is aborted, and when
 * this process dies. Without a listener it writes to the terminal of this process.
 *
 * @returns its exit status; null where a signal ended it
 */
export async function runChild(
  { program }: Pick<Terminal, 'program'>,
  args: readonly string[],
  { listener, signal }: { readonly listener?: Listener; readonly signal?: AbortSignal } = {}
): Promise<number | null> {
  const child = startChild({ program }, args, listener ? 'pipe' : 'inherit')
  const interrupt = () => child.connected && child.disconnect()
  signal?.addEventListener('abort', interrupt)
  // `close` does not come from a child whose channel was ended here.
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  try {
    const [status] = await Promise.all([
      exited,
      listener && hear(child.stdout, listener.output),
      listener && hear(child.stderr, listener.error)
    ])
    return status
  } finally {
    signal?.removeEventListener('abort', interrupt)
  }
}

/** Gives each line of a stream, until its end. */
export async function hear(stream: Readable | null, onLine: (line: string) => void): Promise<void> {
  if (stream) for await (const line of createInterface(stream)) onLine(line)
}

/** Works on every item, in their order and on at most so many at once. Rejects with the first failure of `work`. */
export async function forEachAtOnce<T>(
  most: number,
  items: readonly T[],
  work: (item: T) => Promise<void>
): Promise<void> {
  const pending = items.values()
  const workers = Array.from({ length: Math.min(most, items.length) }, async () => {
    for (const item of pending) await work(item)
  })
  await Promise.all(workers)
}
