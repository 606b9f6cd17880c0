/** The trace file: safetensors with the columns of a `Trace`, and its names as metadata. */
import { z } from 'zod'
import type { ByteSource } from '../formats/byte-source'
import type { TensorPlace } from '../formats/filed-tensor'
import { FormatError } from '../formats/format-error'
import { jsonStrings, jsonValue } from '../formats/json-metadata'
import { parsedBy } from '../formats/problems'
import {
  float32Of,
  indexSafetensors,
  int32Of,
  type SafetensorsIndex,
  type StoredTensor,
  safetensorsHeader,
  storedTensor,
  uint8Of,
  uint16Of
} from '../formats/safetensors'
import { dtypeBytes } from '../formats/tensor-data'
import { stretches } from './stretches'
import { noExpert, type OptionalColumn, type Trace, type TraceFacts } from './trace'

const format = 'moescope.trace/1'

/** Columns that are read in stretches, as they are named in the file. */
const columnNames = { expertWeights: 'expert_weights', routerLogits: 'router_logits', logits: 'logits' } as const

/** The bytes of a trace file, in parts, as `trace` is read: it may be larger than memory. Fails as `trace.rows` does. */
export async function* traceFile(trace: Trace): AsyncGenerator<Uint8Array> {
  const { tokenIds, domainIds, tokenCount, layers, topK, experts, sequenceStarts } = trace
  const perToken = layers.length * topK
  const vocabulary = trace.has.has('logits') ? await vocabularyOf(trace) : 0
  const lengths = { expertWeights: perToken, routerLogits: layers.length * experts, logits: vocabulary }
  const shapes = { expertWeights: [layers.length, topK], routerLogits: [layers.length, experts], logits: [vocabulary] }
  const optional = (Object.keys(columnNames) as OptionalColumn[]).filter((name) => trace.has.has(name))
  // Wide values first, so that all are aligned.
  const first = present([
    ['token_ids', tokenIds && storedTensor(tokenIds, [tokenCount])],
    ['sequence_starts', storedTensor(Int32Array.from(sequenceStarts), [sequenceStarts.length])]
  ])
  const last = present([['domain_ids', domainIds && storedTensor(domainIds, [tokenCount])]])
  const columns = optional.map(
    (name) => [columnNames[name], { dtype: 'F32', shape: [tokenCount, ...shapes[name]] }] as const
  )
  const experted = ['expert_ids', { dtype: 'U16', shape: [tokenCount, layers.length, topK] }] as const
  yield safetensorsHeader([...first, ...columns, experted, ...last], metadataOf(trace))
  for (const [, { data }] of first) yield data
  for (const name of optional) {
    for await (const rows of stretches(trace, 4 * (lengths[name] + perToken), { columns: [name] }))
      yield bytesOf(rows[name])
  }
  for await (const rows of stretches(trace, 2 * perToken)) yield bytesOf(rows.expertIds)
  for (const [, { data }] of last) yield data
}

/**
 * Opens a trace file: its metadata and what belongs to tokens are read at once, the rest when it is asked for. Rejects
 * with a `FormatError` that names the tensor or the metadata that is missing or has another shape than the rest calls
 * for. Experts beyond the last are found when their rows are read.
 */
export async function openTraceFile(source: ByteSource): Promise<Trace> {
  const index = await indexSafetensors(source)
  const { layers, experts, top_k: topK, tokens, domains, notes, model, source: origin } = readMetadata(index)
  const ids = place(index, 'expert_ids', ['tokens', layers.length, topK])
  const tokenCount = ids.shape[0] ?? 0
  if (tokens && tokens.length !== tokenCount) {
    throw new FormatError(`trace: metadata tokens: ${tokens.length} texts, but 'expert_ids' has ${tokenCount} tokens`)
  }
  const optional = <T>(name: string, shape: Shape, read: (tensor: TensorPlace) => T) =>
    index.tensors.has(name) ? read(place(index, name, shape)) : undefined
  const stored = async (name: string, { dtype, shape, begin, end }: TensorPlace): Promise<StoredTensor> => {
    const data = await source.bytes(begin, end)
    if (data.length !== end - begin) throw new FormatError(`trace: tensor '${name}' ends before its last byte`)
    return { dtype, shape, data }
  }
  const whole = (name: string, shape: Shape) => optional(name, shape, (tensor) => stored(name, tensor))
  const columns = {
    expertWeights: optional('expert_weights', [tokenCount, layers.length, topK], (tensor) => tensor),
    routerLogits: optional('router_logits', [tokenCount, layers.length, experts], (tensor) => tensor),
    logits: optional('logits', [tokenCount, 'any'], (tensor) => tensor)
  }
  const [tokenIds, domainIds, starts] = await Promise.all([
    whole('token_ids', [tokenCount]),
    whole('domain_ids', [tokenCount]),
    whole('sequence_starts', ['any'])
  ])
  const read = async <T>(name: string, tensor: TensorPlace, from: number, to: number, values: Read<T>) => {
    const [, ...rest] = tensor.shape
    const bytes = rest.reduce((product, size) => product * size, dtypeBytes[tensor.dtype])
    const part = { ...tensor, begin: tensor.begin + from * bytes, end: tensor.begin + to * bytes }
    return values(await stored(name, part), name)
  }
  const trace: Trace = {
    kind: 'trace',
    model,
    source: origin,
    layers,
    experts,
    topK,
    tokenCount,
    tokenIds: tokenIds && int32Of(tokenIds, 'token_ids'),
    tokens,
    domains,
    domainIds: domainIds && uint8Of(domainIds, 'domain_ids'),
    sequenceStarts: starts ? Uint32Array.from(int32Of(starts, 'sequence_starts')) : wholeSequence(tokenCount),
    notes,
    has: new Set((Object.keys(columns) as OptionalColumn[]).filter((name) => columns[name])),
    rows: async (from, to, asked = []) => {
      const expertIds = await read('expert_ids', ids, from, to, uint16Of)
      checkIds('expert_ids', expertIds, from * layers.length * topK, experts, noExpert)
      const found: Partial<Record<OptionalColumn, Float32Array>> = {}
      for (const name of asked) {
        const tensor = columns[name]
        if (tensor) found[name] = await read(columnNames[name], tensor, from, to, float32Of)
      }
      return { from, to, expertIds, ...found }
    }
  }
  checkIds('domain_ids', trace.domainIds ?? new Uint8Array(), 0, domains.length)
  checkStarts(trace)
  return trace
}

/** The starts of a trace whose tokens are one text. */
export function wholeSequence(tokenCount: number): Uint32Array {
  return tokenCount > 0 ? Uint32Array.of(0) : new Uint32Array()
}

type Shape = readonly (number | string)[]
type Read<T> = (tensor: StoredTensor, name: string) => T

function place({ tensors }: SafetensorsIndex, name: string, shape: Shape): TensorPlace {
  const found = tensors.get(name)
  if (!found) throw new FormatError(`trace: tensor '${name}' is missing`)
  const fits = (size: number | string, axis: number) => typeof size === 'string' || size === found.shape[axis]
  if (found.shape.length !== shape.length || !shape.every(fits)) {
    throw new FormatError(
      `trace: tensor '${name}' has shape [${found.shape.join(', ')}], but the metadata call for [${shape.join(', ')}]`
    )
  }
  return found
}

/** Throws unless ids are less than `count`, or `none`; `place` is that of the first in the tensor. */
function checkIds(name: string, ids: Uint16Array | Uint8Array, place: number, count: number, none = -1): void {
  // No callback for each: a trace has hundreds of millions.
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] ?? 0
    if (id < count || id === none) continue
    const expected = none < 0 ? `less than ${count}` : `0 to ${count - 1}, or ${none}`
    throw new FormatError(`trace: tensor '${name}' has ${id} at place ${place + i}, expected ${expected}`)
  }
}

function checkStarts({ sequenceStarts, tokenCount }: TraceFacts & { readonly tokenCount: number }): void {
  let previous = -1
  const fits = sequenceStarts.every((start) => {
    const later = start > previous && start < tokenCount
    previous = start
    return later
  })
  if (fits && (sequenceStarts[0] ?? 0) === 0 && sequenceStarts.length > 0 === tokenCount > 0) return
  throw new FormatError(`trace: tensor 'sequence_starts': expected places of tokens in order, from 0 on`)
}

async function vocabularyOf(trace: Trace): Promise<number> {
  return trace.tokenCount > 0 ? ((await trace.rows(0, 1, ['logits'])).logits?.length ?? 0) : 0
}

function bytesOf(values: Float32Array | Uint16Array | undefined): Uint8Array {
  return values ? new Uint8Array(values.buffer, values.byteOffset, values.byteLength) : new Uint8Array()
}

function present(tensors: readonly (readonly [string, StoredTensor | undefined])[]): [string, StoredTensor][] {
  return tensors.flatMap(([name, tensor]): [string, StoredTensor][] => (tensor ? [[name, tensor]] : []))
}

function metadataOf(trace: Trace): Record<string, string> {
  return {
    format,
    model: trace.model,
    source: trace.source,
    layers: JSON.stringify(trace.layers),
    experts: String(trace.experts),
    top_k: String(trace.topK),
    ...(trace.tokens && { tokens: JSON.stringify(trace.tokens) }),
    domains: JSON.stringify(trace.domains),
    ...(trace.notes.length > 0 && { notes: JSON.stringify(trace.notes) })
  }
}

const metadataSchema = z.object({
  format: z.literal(format),
  model: z.string().default(''),
  source: z.string().default(''),
  layers: jsonValue.pipe(z.array(z.int().nonnegative())),
  experts: jsonValue.pipe(z.int().nonnegative().max(noExpert)),
  top_k: jsonValue.pipe(z.int().nonnegative()),
  tokens: jsonStrings.optional(),
  domains: z.string().default('[]').pipe(jsonStrings),
  notes: z.string().default('[]').pipe(jsonStrings)
})

function readMetadata({ metadata }: SafetensorsIndex): z.infer<typeof metadataSchema> {
  return parsedBy(metadataSchema, metadata, 'trace: this is no trace file, or a damaged one: metadata ')
}
