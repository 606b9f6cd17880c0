/** `moescope bench`: speed of MoE against dense models on this machine, in ratios of one run. */
import type { Architecture } from '@core/arch/architecture'
import { countParameters, flopsPerToken } from '@core/arch/count/count'
import type { Task, Timing } from '@core/bench/measure'
import { measureInTurns } from '@core/bench/measure'
import type { MachineLimits } from '@core/bench/probe'
import { decodeTask, prefillTask, speedShapes, untrainedWeights } from '@core/bench/shapes'
import { speedWidths } from '@core/bench/speed-widths'
import type { MeasuredMachine } from '@core/bench/step-cost'
import { timedBatch, trainStepToTime } from '@core/bench/train-step'
import { jsonText } from '@core/formats/json'
import { machineName, probeMachineForm, readMachine } from '@core/lab/kinds/probe-machine'
import type { SpeedAgainstSizeSpec } from '@core/lab/kinds/speed-against-size'
import { readSpeeds, speedAgainstSizeForm, speedsName } from '@core/lab/kinds/speed-against-size'
import { createMemoryStore } from '@core/lab/memory-store'
import type { RunFiles } from '@core/lab/store'
import { branchedExperts } from '@core/model/experts/branched'
import { gatheredExperts } from '@core/model/experts/gathered'
import { routers } from '@core/routers'
import type { Backend, Session } from '@core/runtime/backend'
import { createOnnxRuntimeBackend } from '@core/runtime/onnx-runtime'
import { compute } from '../terminal/compute'
import { UsageError } from '../terminal/errors'
import { defaultThreads, nativeRuntime, wasmRuntime } from '../terminal/native'
import { oneOf, readOptions } from '../terminal/options'
import { openOutput } from '../terminal/output-file'
import type { Terminal } from '../terminal/terminal'
import { stepOverhead } from './step-overhead'

export const help = `usage: moescope bench [options]
       moescope bench routers [options]
       moescope bench sweep [options]

Measures, with untrained weights, what an MoE costs and saves beside dense models of equal active and of equal total
size. Compared things take turns; figures are medians, and only ratios within one run mean something.

  --backend NAME   wasm (default) or native
  --threads N      threads of one graph (default 1)
  --seconds N      how long each comparison is repeated (default 3)
  --out FILE       writes the figures as JSON too; - is standard output
  --json           prints only JSON

routers: trains every router on one small architecture with native ONNX Runtime, step by step in turns, and compares
what they learn: the loss of the validation text (nats per character) and how much seeds change it, the loss as routers
decide in training (a router that is not causal then sees the future), how uneven the load of the experts is (the
largest over the mean, less 1) and how many of them are dead, experts of a token, dropped choices, milliseconds of a
step and how they compare with the first router's, and the largest gradient over the usual one.

  --router KIND    only this one, may be given more than once:
                   ${routers.map(({ kind }) => kind).join(', ')}
  --characters N   of each training (default 500000)
  --validation-characters N   (default 60000)
  --seeds N        trainings of each router (default 2)
  --threads N      of the processor (default ${defaultThreads()})
  --out FILE, --json   as above

sweep: computes a sweep of short trainings and tells how much longer it takes than these themselves, from the beginning
of the command to its end; with MOESCOPE_QUEUE in the environment by that queue and a worker.

  --runs N, --seconds N   trainings, and how long each is to take (default 1000 of 1 second)
  --workers N             at the same time (default 2)
  --json                  {runs, workers, wall, own: {whole, steps}, overhead: {whole, steps}}, times in seconds
`

/** One comparison: milliseconds of each contender and the ratios that matter. */
export interface Comparison {
  readonly what: string
  readonly milliseconds: Readonly<Record<string, { median: number; low: number; high: number }>>
  readonly ratios: Readonly<Record<string, number>>
}

interface Bench {
  readonly backend: string
  readonly threads: number
  readonly machine: MeasuredMachine
  readonly comparisons: Comparison[]
}

/** Milliseconds of what has a name. */
type Named = Omit<Timing, 'repeats'>

type TimedTask = Task & { readonly session: Session }

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const [name, ...rest] = args
  if (name === 'routers') return (await import('./routers')).run(rest, terminal)
  if (name === 'sweep') return (await import('./sweep')).run(rest, terminal)
  const { values } = readOptions(args, {
    backend: { type: 'string', default: 'wasm' },
    threads: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '3' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false }
  })
  const threads = positive('--threads', values.threads)
  const milliseconds = 1000 * positive('--seconds', values.seconds)
  const options = { name: oneOf('--backend', values.backend, ['wasm', 'native']), threads }
  const runtime = options.name === 'wasm' ? await wasmRuntime() : nativeRuntime()
  const backend = createOnnxRuntimeBackend(runtime, options)
  const file = values.out === undefined ? undefined : await openOutput(values.out, terminal)
  const tell = file?.tell ?? terminal.write
  const say = (text: string) => values.json || tell(`${text}\n`)
  const machine = await probed(backend)
  say(`${backend.name}, ${threads} thread${threads > 1 ? 's' : ''}`)
  say(`this machine: ${machine.gflops.toFixed(1)} GFLOP/s, ${machine.readGigabytesPerSecond.toFixed(1)} GB/s\n`)
  const comparisons: Comparison[] = []
  const add = (each: Comparison) => {
    comparisons.push(each)
    say(format(each))
  }
  for await (const each of compareAll(backend, machine, milliseconds)) add(each)
  add(await stepOverhead(runtime, options, terminal.modelsFolder))
  const bench: Bench = { backend: backend.name, threads, machine, comparisons }
  if (values.json) tell(jsonText(bench))
  await file?.write(jsonText(bench))
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new UsageError(`${option} must be a number above 0, not '${text}'`)
  return value
}

/** The figures of this machine that runs of the lab measure. */
async function probed(backend: Backend): Promise<MeasuredMachine> {
  const files = createMemoryStore().files(probeMachineForm.kind)
  await compute({ kind: probeMachineForm.kind, spec: { on: onOf(backend) } }, { backend, files })
  const { gflops, readGigabytesPerSecond, readRates, stepCost } = readMachine(await whole(files, machineName))
  return { gflops, readGigabytesPerSecond, readRates, stepCost }
}

/** Decode speeds of the three shapes of one width. */
async function speedAt(backend: Backend, width: number, milliseconds: number): Promise<Comparison> {
  const spec: SpeedAgainstSizeSpec = { on: onOf(backend), widths: [width], experts: 16, topK: 2, milliseconds }
  const files = createMemoryStore().files(speedAgainstSizeForm.kind)
  await compute({ kind: speedAgainstSizeForm.kind, spec }, { backend, files })
  const { points } = readSpeeds(await whole(files, speedsName))
  const timings = points.map(({ kind, tokensPerSecond: { median, low, high } }) => ({
    name: kind,
    median: 1000 / median,
    low: 1000 / high,
    high: 1000 / low
  }))
  return comparisonOfKinds(`decode, d ${width}, 16 experts, top-2`, timings)
}

const onOf = ({ name: backend, threads }: Backend) => ({ backend, threads })

async function whole(files: RunFiles, name: string): Promise<Uint8Array> {
  return (await files.read(name)) ?? new Uint8Array()
}

async function* compareAll(backend: Backend, machine: MachineLimits, milliseconds: number): AsyncGenerator<Comparison> {
  const eight = { width: 128, experts: 8, topK: 2 }
  yield* compareKinds('train step, d 128, 8 experts, top-2', eight, milliseconds, async (architecture, name) => ({
    name,
    ...(await trainStepToTime(backend, architecture, untrainedWeights(architecture)))
  }))
  for (const context of [64, 512]) {
    yield* compareKinds(
      `prefill of ${context} tokens, d 128, 8 experts, top-2`,
      { ...eight, context },
      milliseconds,
      (architecture, name) => prefillTask(backend, name, architecture)
    )
  }
  yield* compareKinds('decode, d 128, 8 experts, top-2', eight, milliseconds, (architecture, name) =>
    decodeTask(backend, name, architecture)
  )
  for (const width of speedWidths) {
    yield await speedAt(backend, width, milliseconds)
  }
  yield await waysOfDecoding(backend, milliseconds)
  yield await growingExperts(backend, milliseconds)
  yield await growingTopK(backend, milliseconds)
  yield await againstTheMachine(backend, machine, milliseconds)
}

async function* compareKinds(
  what: string,
  shape: Parameters<typeof speedShapes>[0],
  milliseconds: number,
  make: (architecture: Architecture, name: string) => Promise<TimedTask>
): AsyncGenerator<Comparison> {
  const tasks: TimedTask[] = []
  for (const [kind, architecture] of Object.entries(speedShapes(shape))) tasks.push(await make(architecture, kind))
  yield comparisonOfKinds(what, await timed(tasks, milliseconds))
}

function comparisonOfKinds(what: string, timings: readonly Named[]): Comparison {
  const median = medians(timings)
  return {
    what,
    milliseconds: byName(timings),
    ratios: {
      'MoE / dense of equal active size': median('moe') / median('dense-active'),
      'dense of equal total size / MoE': median('dense-total') / median('moe')
    }
  }
}

/** The two CPU ways of computing one token's experts, whole model. */
async function waysOfDecoding(backend: Backend, milliseconds: number): Promise<Comparison> {
  const tasks: TimedTask[] = []
  for (const width of [64, 128, 256, 512]) {
    const { moe } = speedShapes({ width, experts: 16, topK: 2 })
    tasks.push(await decodeTask(backend, `gathered d ${width}`, moe, { dispatch: gatheredExperts }))
    tasks.push(await decodeTask(backend, `branched d ${width}`, moe, { dispatch: branchedExperts }))
  }
  const timings = await timed(tasks, milliseconds)
  const median = medians(timings)
  return {
    what: 'decode by copying weights together or by branching, 16 experts, top-2',
    milliseconds: byName(timings),
    ratios: Object.fromEntries(
      [64, 128, 256, 512].map((width) => [
        `branched / gathered d ${width}`,
        median(`branched d ${width}`) / median(`gathered d ${width}`)
      ])
    )
  }
}

/** More experts of the same size at the same top-k: total grows, active stays. */
async function growingExperts(backend: Backend, milliseconds: number): Promise<Comparison> {
  const counts = [4, 8, 16, 32, 64]
  return grows(
    backend,
    'decode as experts grow at top-2, d 128, experts of 168',
    milliseconds,
    (count) => speedShapes({ width: 128, experts: count, topK: 2, expertWidth: 168 }).moe,
    counts,
    'experts'
  )
}

/** Larger k of the same experts: active parameters grow, total ones stay. */
async function growingTopK(backend: Backend, milliseconds: number): Promise<Comparison> {
  return grows(
    backend,
    'decode as top-k grows, d 128, 16 experts of 168',
    milliseconds,
    (topK) => speedShapes({ width: 128, experts: 16, topK, expertWidth: 168 }).moe,
    [1, 2, 4, 8],
    'top-'
  )
}

async function grows(
  backend: Backend,
  what: string,
  milliseconds: number,
  architectureOf: (count: number) => Architecture,
  counts: readonly number[],
  unit: string
): Promise<Comparison> {
  const nameOf = (count: number) => (unit.endsWith('-') ? `${unit}${count}` : `${count} ${unit}`)
  const tasks: TimedTask[] = []
  for (const count of counts) tasks.push(await decodeTask(backend, nameOf(count), architectureOf(count)))
  const timings = await timed(tasks, milliseconds)
  const median = medians(timings)
  const [first = 0] = counts
  return {
    what,
    milliseconds: byName(timings),
    ratios: Object.fromEntries(
      counts.slice(1).map((count) => {
        const grown = architectureOf(count)
        const size = (countParameters(grown).total / countParameters(architectureOf(first)).total).toFixed(1)
        return [`${nameOf(count)} / ${nameOf(first)} (total x ${size})`, median(nameOf(count)) / median(nameOf(first))]
      })
    )
  }
}

/** Train step and large decode step as fractions of the machine's limits. */
async function againstTheMachine(backend: Backend, machine: MachineLimits, milliseconds: number): Promise<Comparison> {
  const small = speedShapes({ width: 128, experts: 16, topK: 2 })
  const large = speedShapes({ width: 512, experts: 16, topK: 2 })
  const tasks: TimedTask[] = []
  for (const kind of ['dense-active', 'moe'] as const) {
    const weights = untrainedWeights(small[kind])
    tasks.push({ name: `train ${kind} d 128`, ...(await trainStepToTime(backend, small[kind], weights)) })
    tasks.push(await decodeTask(backend, `decode ${kind} d 512`, large[kind]))
  }
  const timings = await timed(tasks, milliseconds)
  const median = medians(timings)
  const ratios: Record<string, number> = {}
  for (const kind of ['dense-active', 'moe'] as const) {
    const { context } = small[kind]
    const operations = 3 * flopsPerToken(small[kind], context / 2) * timedBatch * context
    ratios[`train ${kind} d 128: part of GFLOP/s`] = operations / median(`train ${kind} d 128`) / 1e6 / machine.gflops
    const bytes = 4 * countParameters(large[kind]).active.no_embedding
    ratios[`decode ${kind} d 512: part of GB/s`] =
      bytes / median(`decode ${kind} d 512`) / 1e6 / machine.readGigabytesPerSecond
  }
  return { what: "part of the machine's limit that is reached", milliseconds: byName(timings), ratios }
}

async function timed(tasks: readonly TimedTask[], milliseconds: number): Promise<Timing[]> {
  const timings = await measureInTurns(tasks, { milliseconds })
  await Promise.all(tasks.map((task) => task.session.release()))
  return timings
}

function medians(timings: readonly Named[]): (name: string) => number {
  return (name) => timings.find((each) => each.name === name)?.median ?? Number.NaN
}

function byName(timings: readonly Named[]): Comparison['milliseconds'] {
  return Object.fromEntries(timings.map(({ name, median, low, high }) => [name, { median, low, high }]))
}

function format({ what, milliseconds, ratios }: Comparison): string {
  const rows = Object.entries(milliseconds).map(
    ([name, { median, low, high }]) =>
      `  ${name.padEnd(22)} ${median.toFixed(3).padStart(9)} ms   (${low.toFixed(3)} - ${high.toFixed(3)})`
  )
  const found = Object.entries(ratios).map(([name, ratio]) => `  ${ratio.toFixed(2).padStart(6)} x  ${name}`)
  return [what, ...rows, ...found, ''].join('\n')
}
