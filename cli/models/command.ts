/** `moescope models`: the shipped models and their figures. */
import type { ModelFigures } from '../terminal/model-figures'
import { effectiveText, lossText, sizeText } from '../terminal/model-figures'
import { openModelStore } from '../terminal/model-store'
import { readOptions } from '../terminal/options'
import { tableLines } from '../terminal/table'
import type { Terminal } from '../terminal/terminal'

export const help = `usage: moescope models [--json | --markdown]

Lists the shipped models: total parameters, active parameters of a token (convention all) and effective parameters (the
dense model of equal loss, measured on the shipped dense models, with its 95 % interval): on everything, on the domains
that test memory, and on those that test computation. Losses are nats per character of validation text, the mean over
the seeds that were trained, with their standard deviation.

  --json       {models: [{id, role, total, active, effective, effective_memory, effective_computation, loss,
               loss_over_seeds, floor}]}
  --markdown   the same table for a document
`

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readOptions(args, { json: { type: 'boolean' }, markdown: { type: 'boolean' } })
  const store = await openModelStore(terminal.modelsFolder)
  const models: ModelFigures[] = []
  for (const id of store.ids) models.push(await store.figures(id))
  models.sort((a, b) => a.role.localeCompare(b.role) || a.total - b.total)
  if (values.json) terminal.write(`${JSON.stringify({ models })}\n`)
  else terminal.write(values.markdown ? modelsMarkdown(models) : tableOf(models, terminal))
}

/** The table of models as the README shows it. */
export function modelsMarkdown(models: readonly ModelFigures[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return [headings, headings.map((_, column) => (column === 0 ? '---' : '---:')), ...models.map(cellsOf)]
    .map(row)
    .join('')
}

function tableOf(models: readonly ModelFigures[], { paint, modelsFolder }: Terminal): string {
  if (models.length === 0) return `no models in ${modelsFolder}: 'moescope pretrain' trains them\n`
  const [heading = '', ...lines] = tableLines([headings, ...models.map(cellsOf)])
  const painted = lines.map((line, i) => line.replace(/^\S+/, models[i]?.role === 'moe' ? paint.moe : paint.dense))
  return `${[paint.dim(heading), ...painted].join('\n')}\n`
}

const headings = [
  'model',
  'total',
  'active',
  'effective',
  'effective, memory',
  'effective, computation',
  'loss',
  'floor'
]

function cellsOf(model: ModelFigures): string[] {
  return [
    model.id,
    sizeText(model.total),
    sizeText(model.active.all),
    effectiveText(model.effective),
    effectiveText(model.effective_memory),
    effectiveText(model.effective_computation),
    model.loss_over_seeds ? lossText(model.loss_over_seeds) : '',
    model.floor?.toFixed(3) ?? ''
  ]
}
