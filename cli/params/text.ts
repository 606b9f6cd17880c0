/** Text of `moescope params`. */
import { sizeText } from '../terminal/model-figures'
import { tableLines } from '../terminal/table'
import type { Terminal } from '../terminal/terminal'
import type { ModelParameters } from './json'

/** One line for each model, then what is to be known of their readings. Active parameters are those with every weight. */
export function modelsTable(models: readonly ModelParameters[], { paint }: Terminal): string {
  const context = models[0]?.context ?? 0
  const headings = [
    'model',
    'kind',
    'total',
    'active',
    'experts',
    'weights bf16',
    'int4',
    `KV cache at ${context}`,
    'FLOPs per token'
  ]
  const rows = models.map((model) => [
    model.name,
    model.model_type,
    sizeText(model.total),
    sizeText(model.active.all),
    model.experts.map(({ experts, top_k: topK }) => `top-${topK} of ${experts}`)[0] ?? '',
    bytesText(model.stored_bytes.bf16),
    bytesText(model.stored_bytes.int4),
    bytesText(model.kv_bytes + model.state_bytes),
    flopsText(model.flops_per_token)
  ])
  const [heading = '', ...lines] = tableLines([headings, ...rows])
  const remarks = models.flatMap((model) => model.notes.map((remark) => `${model.name}: ${remark}`))
  return `${[paint.dim(heading), ...lines, ...remarks].join('\n')}\n`
}

/** All figures of one model. */
export function modelText(model: ModelParameters, { paint }: Terminal): string {
  const { active, active_range: range, context } = model
  const exact = (size: number) => `${size.toLocaleString('en')} (${sizeText(size)})`
  const rows: (readonly [string, string])[] = [
    ['total', exact(model.total)],
    ['active, all weights', exact(active.all)],
    ['active, without input embedding', exact(active.no_input_embedding)],
    ['active, without embeddings', exact(active.no_embedding)]
  ]
  if (range)
    rows.push(['active of a token, least and most', `${sizeText(range.least.all)} to ${sizeText(range.most.all)}`])
  if (model.mtp_extra > 0) rows.push(['multi-token prediction, apart', exact(model.mtp_extra)])
  const components = Object.entries(model.components).map(
    ([name, size]) => [`  ${name}`, `${exact(size)}  ${((100 * size) / model.total).toFixed(1)} %`] as const
  )
  const work: (readonly [string, string])[] = [
    [`FLOPs per token at ${context}`, flopsText(model.flops_per_token)],
    [`  as engines decode`, flopsText(model.flops_per_token_decode)],
    [`  mean of a prompt of ${context}`, flopsText(model.flops_per_token_prefill)],
    [`KV cache at ${context} in bf16`, bytesText(model.kv_bytes)],
    ['  each further token', bytesText(model.kv_bytes_per_token)],
    ['  constant state', bytesText(model.state_bytes)],
    ['  read for one token', bytesText(model.cache_read_bytes)]
  ]
  const bytes = (['bf16', 'fp8', 'int8', 'int4', 'mxfp4', 'q8_0', 'q4_0', 'q4_k'] as const).map(
    (id) => [`  ${id}`, `${bytesText(model.stored_bytes[id])}, ${bytesText(model.read_bytes_per_token[id])}`] as const
  )
  const width = Math.max(...[...rows, ...components, ...work].map(([name]) => name.length))
  const lines = (of: readonly (readonly [string, string])[]) =>
    of.map(([name, text]) => `${name.padEnd(width)}  ${text}`)
  return [
    paint.bold(`${model.name} (${model.model_type}, ${model.layers} layers)`),
    ...lines(rows),
    paint.dim('of the total'),
    ...lines(components),
    ...lines(work),
    paint.dim('weights stored, and read for one token, with the scales of each format'),
    ...lines(bytes),
    ...(model.quantisation === null
      ? []
      : lines([['  as shipped', `${bytesText(model.shipped_bytes)} (${model.quantisation})`]])),
    ...model.notes,
    ''
  ].join('\n')
}

/** Bytes in three digits: `93.4 GB`. */
function bytesText(bytes: number): string {
  return scaled(bytes, ['B', 'kB', 'MB', 'GB', 'TB', 'PB'])
}

function flopsText(flops: number): string {
  return scaled(flops, ['FLOP', 'kFLOP', 'MFLOP', 'GFLOP', 'TFLOP', 'PFLOP'])
}

function scaled(amount: number, units: readonly string[]): string {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, amount)) / 3)))
  const number = amount / 1000 ** step
  return `${number.toFixed(step === 0 || number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2)} ${units[step]}`
}
