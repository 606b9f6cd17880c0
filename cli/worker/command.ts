/** `moescope worker`: computes runs of a sweep on this machine. */
import { availableParallelism } from 'node:os'
import { openSweepFolder } from '../sweep/folder'
import { serveQueue } from '../sweep/queue/serve'
import { queueVariable } from '../sweep/queue/server'
import { wholeIds } from '../sweep/results'
import { workThrough } from '../sweep/work'
import { FailureError, InterruptionError, UsageError } from '../terminal/errors'
import { readOptions, wholeNumber } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'

export const help = `usage: moescope worker --store DIR [--queue URL] [options]

Computes the runs of the sweep in DIR (moescope sweep) on this machine. Without a queue it goes through the list of the
sweep and computes what is neither whole nor computed by others in the same folder. With one it computes what
'moescope sweep FILE --out DIR --queue URL' asks for, until it is interrupted (Ctrl+C, SIGTERM), when its runs go back
to the queue. A worker whose versions are not those of the results in DIR is refused.

  --store DIR   the folder of the sweep, which all of its machines share, or s3://BUCKET/PREFIX (moescope sweep --help)
  --queue URL   redis://HOST:6379 (Redis 7, Valkey) or postgres://USER@HOST:5432/DATABASE; or ${queueVariable} in the
                environment, which no list of processes shows
  --slots N     runs at the same time, each in a process of its own (default as many as there are cores)
  --lease N     seconds without a sign of life after which a run of this worker goes to another one, with a queue
                (default 60). The sign does not wait for a step of the run
  --part I/N    without a queue begins with the I-th of N parts of the list, I from 0, so that N workers rarely meet
`

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readOptions(args, {
    store: { type: 'string' },
    queue: { type: 'string', default: process.env[queueVariable] ?? '' },
    slots: { type: 'string' },
    lease: { type: 'string', default: '60' },
    part: { type: 'string', default: '0/1' },
    slot: { type: 'boolean', default: false }
  })
  if (values.store === undefined || values.store === '') throw new UsageError('--store DIR is missing')
  const folder = await openSweepFolder(values.store)
  if (values.slot) return (await import('../sweep/serve-slot')).serveSlot(folder, terminal)
  const slots = values.slots === undefined ? availableParallelism() : wholeNumber('--slots', values.slots, 1, 1024)
  const lease = 1000 * wholeNumber('--lease', values.lease, 1, 86_400)
  const { queue: url } = values
  if (url !== '') return serveQueue({ url, folder, slots, lease }, terminal)
  const list = await folder.readList()
  const from = firstOfPart(values.part, list.length)
  const signal = terminal.interruption()
  const known = await wholeIds(list, folder)
  let whole = known.size
  const failed: string[] = []
  const missing = [...list.slice(from), ...list.slice(0, from)].filter(({ id }) => !known.has(id))
  const left = await workThrough(missing, {
    folder,
    slots,
    terminal,
    signal,
    leavesHeld: true,
    onEnd: async ({ id }, outcome) => {
      if (outcome.kind === 'finished') whole++
      else {
        failed.push(id)
        terminal.tell(`${id} failed three times: ${outcome.reason}\n`)
      }
    }
  })
  if (signal.aborted) throw new InterruptionError('interrupted; the same command goes on')
  const others = left.length > 0 ? `, and ${left.length} are computed by others` : ''
  terminal.write(`${whole} of ${list.length} runs are whole${others}\n`)
  if (failed.length > 0) throw new FailureError(`${failed.length} of ${list.length} runs failed: ${failed.join(', ')}`)
}

/** Place in a list at which a part of it begins. */
function firstOfPart(text: string, length: number): number {
  const [, part = '', parts = ''] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  const [i, n] = [Number(part), Number(parts)]
  if (part === '' || i >= n) throw new UsageError(`--part: expected I/N such as 0/4, I less than N, found '${text}'`)
  return Math.floor((i * length) / n)
}
