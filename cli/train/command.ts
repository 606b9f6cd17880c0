/** `moescope train`: a model from a description, on generated text. */
import { availableParallelism } from 'node:os'
import { moeLayers } from '@core/arch/architecture'
import { countParameters } from '@core/arch/count/count'
import type { OwnText, TextDomainId } from '@core/corpus'
import type { TrainingReport } from '@core/formats/training-report'
import { trainingPlan } from '@core/lab/kinds/train'
import { trainFileSchema } from '@core/lab/train-file'
import { routerSpecSchema, routers } from '@core/routers'
import type { Router } from '@core/routers/router'
import type { TrainingStep } from '@core/train/trainer'
import { InterruptionError, UsageError } from '../terminal/errors'
import { parseJson, readExisting } from '../terminal/files'
import { sizeText } from '../terminal/model-figures'
import { openModelStore } from '../terminal/model-store'
import { defaultThreads, nativeBackend } from '../terminal/native'
import { readOptions, wholeNumber } from '../terminal/options'
import { createProgress } from '../terminal/progress'
import { tableLines } from '../terminal/table'
import type { Terminal } from '../terminal/terminal'
import { type AskedTraining, askedTraining } from './asked-training'
import { trainSeveral } from './several'
import { editionIn, trainInFolder } from './training'

const indent = ' '.repeat(16)

export const help = `usage: moescope train SPEC.json... --out DIR [options]

Trains a model on generated text and leaves it in DIR as a Hugging Face checkpoint, with training.json, the record of
its training. A run that was interrupted (Ctrl+C, --steps) leaves the weights so far, and goes on when the same command
is given again; with the same number of threads it comes to the same weights.

Several specs are trained at the same time, each in a process of its own: that of small.json in DIR/small. One that
fails does not stop the others. The lines of --json begin with {"run": "small", ...}.

  --out DIR     where the model goes, and what the run needs to go on, saved every ten seconds or so: a kill costs no
                more. DIR belongs to this training: another one is refused, and so is a second process meanwhile
  --steps N     stop after step N of the whole, as if interrupted
  --checkpoints N  also keep the model after every N steps, in DIR/checkpoints/step-*: models like any other, whose
                traces (moescope trace record) show how the routing settles
  --jobs N      of several specs, so many at a time (default as many as there are cores)
  --threads N   of the processor, for each training (default ${defaultThreads()}; of several, their share of the cores)
  --json        one JSON object a line, as always where standard output is no terminal:
                {step, steps, loss, learning_rate, gradient_norm, balance_loss, z_loss, load: [MoE layer][expert]},
                with a teacher also distillation_loss,
                after each step, {validation: {step, characters, loss, memory, computation, domains}} now and then
                and, on all of the validation text, at the end. Losses are nats per character.

SPEC.json holds
  {"architecture": {"kind": "dense", "width": 64}, "recipe": {"learning_rate": 0.005}}

  architecture  {"kind": "dense", "width", "layers": 2, "heads": 4, "context": 64, "shared_layers": false,
                 "feed_forward_width": 8/3 width}
                {"kind": "moe", "width", "layers", "heads", "context", "shared_layers", "experts": 16, "top_k": 2,
                 "expert_width": half a dense feed-forward, "router": {"kind": "top-k"}, "shared_width": 0}
                {"config": {...}}, a Hugging Face config.json of a llama, mixtral or qwen2_moe
  router        one of these, here with the defaults of its settings
${routers.map(helpOf).join('\n')}
  recipe        {"learning_rate", "seed": 1, "characters": 8000000, "batch": 32, "warmup_steps": 80,
                 "final_rate": 0.03, "beta1": 0.9, "beta2": 0.98, "epsilon": 1e-8, "weight_decay": 0.01, "clip": 1,
                 "balance_loss": 0.01, "z_loss": 0}; "decay": "linear" instead of along a cosine
  corpus        {"seed": 1, "characters": 10000000, "validation_characters": 260000,
                 "world": {"seed": 7, "names": 1024, "pairs": 2048, "keys": 2048},
                 "shares": {"fact": 0.5, ...} of characters by domain}; may be left out
                {"kind": "text", "file", "share": 1, "generated": {...}}, a text of your own, whose path counts from
                 SPEC.json: UTF-8, documents between blank lines, of which every tenth is kept for validation.
                 Capitals are read as small letters, and what the vocabulary lacks is left out; both are counted.
                 With a share below 1 the other windows are of generated text.
  teacher       {"model", "share": 0.5, "temperature": 2}, a model of the same vocabulary, by its id or its folder, from
                SPEC.json: minimised is (1 - share) cross-entropy + share T^2 KL(teacher || student), both softened by
                the temperature T (Hinton et al., arXiv 1503.02531)
  from          {"model", "transforms": ["magnitude:share=0.5", ...]}, a model with whose weights it begins, and what
                makes it smaller before (moescope compress --help). Weights that magnitude, wanda or random have set to
                0 stay 0. The architecture is that of the model then, and may be left out
`

/** The spec of a router, and its settings with their defaults and meanings. */
function helpOf({ kind, name, papers, settings }: Router): string {
  const defaults = routerSpecSchema.parse({ kind })
  const meanings = Object.entries(settings.shape).map(
    ([key, { description }]) => `\n${indent}  "${key}": ${defaults[key]}  ${description}`
  )
  return `${indent}{"kind": "${kind}"}  ${name} (arXiv ${papers.join(', ')})${meanings.join('')}`
}

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(
    args,
    {
      out: { type: 'string' },
      steps: { type: 'string' },
      checkpoints: { type: 'string' },
      jobs: { type: 'string' },
      threads: { type: 'string' },
      json: { type: 'boolean', default: false }
    },
    ['SPEC.json...']
  )
  const { out } = values
  if (out === undefined || out === '') throw new UsageError('--out DIR is missing')
  if (out === '-')
    throw new UsageError("--out: expected a folder, found '-', which is standard output (./- is a folder)")
  const most = Math.min(positionals.length, availableParallelism())
  const jobs = values.jobs === undefined ? most : wholeNumber('--jobs', values.jobs, 1, 1024)
  const share = positionals.length > 1 ? Math.max(1, Math.floor(availableParallelism() / jobs)) : defaultThreads()
  const threads = values.threads === undefined ? share : wholeNumber('--threads', values.threads, 1, 1024)
  const lastStep = values.steps === undefined ? undefined : wholeNumber('--steps', values.steps)
  const every = values.checkpoints === undefined ? undefined : wholeNumber('--checkpoints', values.checkpoints, 1)
  const asLines = values.json || !terminal.outputIsRead
  // All are read before the first of them begins.
  const asked: AskedTraining[] = []
  const begun = positionals.length === 1 ? await editionIn(out) : undefined
  const store = await openModelStore(terminal.modelsFolder)
  const checkpoints = every === undefined ? undefined : { every }
  const reader = { checkpoints, begun, store, backend: nativeBackend(threads) }
  for (const path of positionals) {
    asked.push(await askedTraining(parseJson(path, await readExisting(path), trainFileSchema), path, reader))
  }
  const [one, ...others] = asked
  if (one && others.length === 0) return trainOne({ ...one, out, threads, lastStep, asLines }, terminal)
  const options = Object.entries({ threads, steps: lastStep, checkpoints: every }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)]
  )
  return trainSeveral({ specs: positionals, out, jobs, options, asLines }, terminal)
}

interface One extends AskedTraining {
  readonly out: string
  readonly threads: number
  readonly lastStep: number | undefined
  readonly asLines: boolean
}

async function trainOne(
  { spec, own, openModel, out, threads, lastStep, asLines }: One,
  terminal: Terminal
): Promise<void> {
  const { architecture } = trainingPlan(spec)
  const line = (value: unknown) => asLines && terminal.write(`${JSON.stringify(value)}\n`)
  const { total, active } = countParameters(architecture)
  const name = terminal.paint[moeLayers(architecture).length > 0 ? 'moe' : 'dense'](out)
  if (!asLines) terminal.write(`${name}: ${sizeText(total)} parameters, ${sizeText(active.all)} of them active\n`)
  const progress = createProgress(
    asLines && terminal.outputIsRead ? { ...terminal, progressIsRead: false } : terminal,
    out
  )
  if (own) terminal.tell(`${textNote(own)}\n`)
  const signal = terminal.interruption()
  let reached: { readonly step: number; readonly steps: number } | undefined
  let hasBegun = false
  const report = await trainInFolder({
    spec,
    ownText: own?.text,
    folder: out,
    backend: nativeBackend(threads),
    openModel,
    signal,
    ...(lastStep === undefined ? {} : { lastStep }),
    onEvent: (event) => {
      if (event.kind === 'validation') line({ validation: event.point })
      if (event.kind === 'begin') hasBegun = true
      if (event.kind === 'begin' && event.step > 0) reached = event
      if (event.kind === 'unsaved') terminal.tell(`${event.reason}; the training goes on, and tries again\n`)
      if (event.kind !== 'step') return
      const { record } = event
      reached = record
      line(jsonOf(record, moeLayers(architecture).length))
      progress.update(record.step, record.steps, `loss ${record.loss.toFixed(3)}`)
    }
  })
    .catch((error: unknown) => {
      if (!signal.aborted || error !== signal.reason) throw error
      const place = reached ? `after step ${reached.step} of ${reached.steps}` : 'before a step was taken'
      throw new InterruptionError(`interrupted ${place}; the same command goes on`)
    })
    .finally(progress.end)
  if (report) {
    line({ validation: report.result })
    if (!asLines) {
      const already = hasBegun ? '' : `${out} holds this training at its end already\n`
      terminal.write(`${already}${summaryOf(report, terminal)}`)
    }
  } else if (!asLines) {
    const steps = reached ? ` of ${reached.steps}` : ''
    terminal.write(`stopped at step ${lastStep}${steps}; the same command without --steps goes on\n`)
  }
}

/** The state of a text that was opened or pasted. */
function textNote({ documents, training, validation, changed, leftOut }: OwnText): string {
  const named = leftOut.slice(0, mostNamed).map(({ character, count }) => `${JSON.stringify(character)} ${count}`)
  const more = leftOut.length > mostNamed ? `, and ${leftOut.length - mostNamed} others` : ''
  return [
    `${documents} documents: ${training} characters to train on, ${validation} for validation`,
    ...(changed > 0
      ? [`${changed} characters are read as others: capitals as small letters, accents are left off`]
      : []),
    ...(leftOut.length > 0 ? [`left out, as no model here knows them: ${named.join(', ')}${more}`] : [])
  ].join('; ')
}

/** Characters that are named of those that are left out. */
const mostNamed = 8

function jsonOf(record: TrainingStep, layers: number): Record<string, unknown> {
  const { step, steps, loss, learningRate, gradientNorm, distillationLoss, balanceLoss, zLoss, load } = record
  const taught = distillationLoss === undefined ? {} : { distillation_loss: distillationLoss }
  const dense = { step, steps, loss, learning_rate: learningRate, gradient_norm: gradientNorm, ...taught }
  if (!load) return dense
  const experts = load.length / layers
  const byLayer = Array.from({ length: layers }, (_, i) => [...load.subarray(i * experts, (i + 1) * experts)])
  return { ...dense, balance_loss: balanceLoss, z_loss: zLoss, load: byLayer }
}

function summaryOf({ result, floor, seconds }: TrainingReport, { paint }: Terminal): string {
  const row = (name: string, loss: number, least: number | undefined) => [
    name,
    loss.toFixed(3),
    least?.toFixed(3) ?? ''
  ]
  const [heading = '', all = '', ...domains] = tableLines([
    ['nats per character', 'loss', 'floor'],
    row('validation', result.loss, floor?.total),
    ...Object.entries(result.domains).map(([id, loss]) => row(`  ${id}`, loss, floor?.domains[id as TextDomainId]))
  ])
  return `${[paint.dim(heading), paint.bold(all), ...domains].join('\n')}\ntrained in ${seconds.toFixed(0)} s\n`
}
