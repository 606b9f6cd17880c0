/** `moescope worker`: computes runs of a sweep on this machine. */
import { availableParallelism } from 'node:os'
import { openSweepFolder } from '../sweep/folder'
import { serveSlot } from '../sweep/slot'
import { workThrough } from '../sweep/work'
import { FailureError, InterruptionError, UsageError } from '../terminal/errors'
import { readOptions, wholeNumber } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'

export const help = `usage: moescope worker --store DIR [options]

Computes the runs of the sweep in DIR (moescope sweep) on this machine.

  --store DIR   the folder of the sweep, which all of its machines share
  --slots N     runs at the same time, each in a process of its own (default as many as there are cores)
  --part I/N    begins with the I-th of N parts of the list, I from 0, so that N workers rarely meet
`

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readOptions(args, {
    store: { type: 'string' },
    slots: { type: 'string' },
    part: { type: 'string', default: '0/1' },
    slot: { type: 'boolean', default: false }
  })
  if (values.store === undefined || values.store === '') throw new UsageError('--store DIR is missing')
  const folder = await openSweepFolder(values.store)
  if (values.slot) return serveSlot(folder, terminal)
  const slots = values.slots === undefined ? availableParallelism() : wholeNumber('--slots', values.slots, 1, 1024)
  const list = await folder.readList()
  const from = firstOfPart(values.part, list.length)
  const signal = terminal.interruption()
  let whole = 0
  const failed: string[] = []
  await workThrough([...list.slice(from), ...list.slice(0, from)], {
    folder,
    slots,
    terminal,
    signal,
    onEnd: async ({ id }, outcome) => {
      if (outcome.kind === 'finished') whole++
      else {
        failed.push(id)
        terminal.tell(`${id} failed three times: ${outcome.reason}\n`)
      }
    }
  })
  if (signal.aborted) throw new InterruptionError('interrupted; the same command goes on')
  terminal.write(`${whole} of ${list.length} runs are whole\n`)
  if (failed.length > 0) throw new FailureError(`${failed.length} of ${list.length} runs failed: ${failed.join(', ')}`)
}

/** Place in a list at which a part of it begins. */
function firstOfPart(text: string, length: number): number {
  const [, part = '', parts = ''] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  const [i, n] = [Number(part), Number(parts)]
  if (part === '' || i >= n) throw new UsageError(`--part: expected I/N such as 0/4, I less than N, found '${text}'`)
  return Math.floor((i * length) / n)
}
