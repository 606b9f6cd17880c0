/** `moescope bench routers`: every router on one architecture. */
import type { RouterBench } from '@core/bench/routers'
import { benchRouters } from '@core/bench/routers'
import { jsonText } from '@core/formats/json'
import { routers } from '@core/routers'
import { defaultThreads, nativeBackend } from '../terminal/native'
import { oneOf, readOptions, wholeNumber } from '../terminal/options'
import { openOutput } from '../terminal/output-file'
import { createProgress } from '../terminal/progress'
import { tableLines } from '../terminal/table'
import type { Terminal } from '../terminal/terminal'

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readOptions(args, {
    characters: { type: 'string', default: '500000' },
    'validation-characters': { type: 'string', default: '60000' },
    router: { type: 'string', multiple: true },
    seeds: { type: 'string', default: '2' },
    threads: { type: 'string', default: String(defaultThreads()) },
    out: { type: 'string' },
    json: { type: 'boolean', default: false }
  })
  const threads = wholeNumber('--threads', values.threads, 1, 1024)
  const known = routers.map(({ kind }) => kind)
  const kinds = values.router?.map((kind) => oneOf('--router', kind, known))
  const options = {
    seeds: wholeNumber('--seeds', values.seeds, 1, 100),
    characters: wholeNumber('--characters', values.characters, 4096),
    validationCharacters: wholeNumber('--validation-characters', values['validation-characters'], 4096)
  }
  const file = values.out === undefined ? undefined : await openOutput(values.out, terminal)
  const progress = createProgress(terminal, 'routers')
  const signal = terminal.interruption()
  const bench = await benchRouters({
    backend: nativeBackend(threads),
    ...options,
    ...(kinds ? { kinds } : {}),
    turn: async () => signal.throwIfAborted(),
    onProgress: progress.update
  }).finally(progress.end)
  const json = jsonText(jsonOf(bench, { backend: 'native', threads, ...options }))
  const tell = file?.tell ?? terminal.write
  tell(values.json ? json : textOf(bench, terminal))
  await file?.write(json)
}

function jsonOf(bench: RouterBench, run: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { backend, threads, seeds } = run
  return {
    backend,
    threads,
    seeds,
    width: bench.width,
    layers: bench.layers,
    experts: bench.experts,
    top_k: bench.topK,
    steps: bench.steps,
    batch: bench.batch,
    floor: bench.floor,
    routers: bench.routers.map((each) => ({
      name: each.name,
      router: each.router,
      causal: each.causal,
      loss: each.loss,
      loss_as_trained: each.lossAsTrained,
      spread: each.spread,
      balance: each.balance,
      experts_per_token: each.expertsPerToken,
      dropped: each.dropped,
      cost: each.cost,
      gradient_spike: each.gradientSpike
    }))
  }
}

function textOf(bench: RouterBench, { paint }: Terminal): string {
  const headings = [
    'router',
    'loss',
    'spread',
    'as trained',
    'uneven',
    'dead',
    'experts',
    'dropped',
    'ms',
    'x',
    'spike'
  ]
  const rows = bench.routers.map((each) => [
    each.causal ? each.name : `${each.name} (sees the future)`,
    each.loss.toFixed(3),
    each.spread.toFixed(3),
    each.lossAsTrained.toFixed(3),
    each.balance.validation.toFixed(2),
    each.balance.dead.toFixed(1),
    each.expertsPerToken.toFixed(2),
    `${(100 * each.dropped).toFixed(1)} %`,
    each.cost.milliseconds.toFixed(1),
    each.cost.ratio.toFixed(2),
    each.gradientSpike.toFixed(1)
  ])
  const [heading = '', ...lines] = tableLines([headings, ...rows])
  const model = `d ${bench.width}, ${bench.layers} layers, top-${bench.topK} of ${bench.experts} experts`
  return [
    `${model}; ${bench.steps} steps of ${bench.batch} characters; the floor is ${bench.floor.toFixed(3)}`,
    paint.dim(heading),
    ...lines,
    ''
  ].join('\n')
}
