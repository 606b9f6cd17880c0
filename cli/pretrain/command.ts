/** `moescope pretrain`: the shipped models and studies, from nothing but this program. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { listName, openSweepFolder } from '../sweep/folder'
import { ensureWritableFolder } from '../terminal/files'
import { readOptions, wholeNumber } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'
import { shipSweep } from './ship-sweep'

export const help = `usage: moescope pretrain [options]

Computes the sweep of the shipped models (moescope sweep), then of the studies of scaling, of which only the reports are
kept. What is whole is put into DIR as it is shipped, also when this is interrupted; the same command goes on.

  --sweep FILE    a list of trainings with names (default cli/pretrain/family.yaml): of NAME the model of seed 1 goes to
                  DIR/NAME and the reports of others to DIR/NAME/seeds; of studies/NAME the report alone is kept
  --workers N     models trained at the same time, one thread each (default 2)
  --out DIR       where the models go (default assets/models)
  --work DIR      the folder of the sweep (default out/pretrain)
`

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readOptions(args, {
    sweep: { type: 'string', default: 'cli/pretrain/family.yaml' },
    workers: { type: 'string', default: '2' },
    out: { type: 'string', default: 'assets/models' },
    work: { type: 'string', default: 'out/pretrain' }
  })
  const workers = wholeNumber('--workers', values.workers, 1, 1024)
  const { sweep: file, out, work } = values
  await ensureWritableFolder(out)
  const { run: sweep } = await import('../sweep/command')
  try {
    await sweep([file, '--out', work, '--workers', String(workers)], terminal)
  } finally {
    const isBegun = await access(join(work, listName)).then(
      () => true,
      () => false
    )
    if (isBegun) await shipSweep(await openSweepFolder(work), out)
  }
}
