/** The folder of a sweep, as the terminal leaves it, of shipped models and their seeds: real results, nothing computed. */

import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { countParameters } from '../core/arch/count/count'
import { readConfig } from '../core/arch/runnable'
import { readTrainingReport } from '../core/formats/training-report'
import { sweepLines } from '../core/lab/sweep/folder'

const models = resolve('assets/models')

/** Six seeds each. */
const shipped = ['dense-48', 'dense-64', 'dense-96', 'moe-32']

/** Writes the folder; the last run is left out, and `finish` writes it. */
export async function writeShippedSweep(): Promise<{ folder: string; finish: () => Promise<void> }> {
  const folder = join(await mkdtemp(join(tmpdir(), 'moescope-sweep-')), 'family')
  const runs = await Promise.all(shipped.map(runsOf))
  const all = runs.flat()
  const store = { format: 'moescope.sweep-store/1', id: crypto.randomUUID(), versions: {} }
  await mkdir(folder)
  await writeFile(join(folder, 'store.json'), JSON.stringify(store))
  await writeFile(join(folder, 'sweep.jsonl'), `${[...sweepLines(all.map(({ listed }) => listed))].join('\n')}\n`)
  for (const run of all.slice(0, -1)) await write(folder, run)
  return { folder, finish: async () => write(folder, all.at(-1)) }
}

type Run = Awaited<ReturnType<typeof runsOf>>[number]

async function runsOf(model: string) {
  const config: Record<string, unknown> = JSON.parse(readFileSync(join(models, model, 'config.json'), 'utf8'))
  const { total, active } = countParameters(readConfig(config))
  const seeds = (await readdir(join(models, model, 'seeds'))).map((name) => `seeds/${name}`)
  return ['training.json', ...seeds].map((name) => {
    // Shipped reports leave the architecture to the config.json beside them.
    const written: object = JSON.parse(readFileSync(join(models, model, name), 'utf8'))
    const content = JSON.stringify({ ...written, config })
    const { corpus, recipe, flops } = readTrainingReport(new TextEncoder().encode(content))
    const [kind = '', width = ''] = model.split('-')
    const varied = { 'architecture.kind': kind, 'architecture.width': Number(width), 'recipe.seed': recipe.seed }
    const spec = { architecture: config, corpus, recipe }
    const size = { total, active: active.all, flops }
    const listed = { id: `${model}-${recipe.seed}`, kind: 'train', spec, asked: { recipe }, varied, threads: 1, size }
    return { listed, content, model, isFirst: name === 'training.json' }
  })
}

async function write(folder: string, run: Run | undefined): Promise<void> {
  if (!run) return
  const { listed, content, model, isFirst } = run
  const { id, kind, spec } = listed
  const own = join(folder, 'runs', id)
  await mkdir(own, { recursive: true })
  const files = isFirst ? ['config.json', 'tokenizer.json', 'model.safetensors'] : []
  for (const name of files) await cp(join(models, model, name), join(own, name))
  await writeFile(join(own, 'training.json'), content)
  const state = { status: 'finished', created: 1, done: 1, detail: '' }
  await writeFile(join(own, 'lab-run.json'), JSON.stringify({ format: 'moescope.lab-run/1', id, kind, spec, ...state }))
}
