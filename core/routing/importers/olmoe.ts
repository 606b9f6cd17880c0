/**
 * JSON lines of OLMoE's `run_moe_analysis.py`: each line is a sequence, `{"input_ids": [tokens], "predicted_token_ids":
 * [tokens], "exp_ids": [tokens][k][layers]}`. Moescope writes the same with more (`exporters/json-lines.ts`).
 * https://github.com/allenai/OLMoE/blob/main/scripts/run_moe_analysis.py
 */
import { z } from 'zod'
import type { ByteSource } from '../../formats/byte-source'
import { type FiledTensor, tensorInMemory } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { parsedBy } from '../../formats/problems'
import { readExpertIds } from './expert-ids'
import type { Importer, ReadOptions } from './importer'
import { mostExperts, mostIdsInMemory, mostLayers } from './limits'
import { noTokenIds, noWeights } from './notes'
import { nestedIntegers, type OnCut, readJsonLines } from './responses'

export const olmoe: Importer = {
  format: 'olmoe',
  label: 'JSON lines with exp_ids (OLMoE)',
  detect: ({ content }) => {
    if (content.kind !== 'text' || !content.head.startsWith('{')) return 'no'
    if (content.head.includes('"exp_ids"')) return 'certain'
    return /"(predicted_token_ids|input_ids)"\s*:/.test(content.head) ? 'possible' : 'no'
  },
  read: async ({ source }, options) => {
    const cut: string[] = []
    const lines = await readSequences(source, options, (note) => void cut.push(note))
    const [first] = lines
    if (!first) throw new FormatError('no line')
    const known = lines.every(({ inputIds }) => inputIds)
    const texts = lines.every(({ tokens }) => tokens)
    const weighted = lines.every(({ weights }) => weights)
    const notes = first.notes ?? [
      ...(weighted ? [] : [noWeights]),
      ...(known ? [] : [noTokenIds]),
      ...(first.layers ? [] : ['The file does not say which layers of the model these are: they are counted from 0.'])
    ]
    return readExpertIds(
      {
        model: first.model,
        source: first.source,
        parts: lines.map(({ ids, weights }) => ({ ids, ...(weighted && { weights }) })),
        layers: first.layers,
        experts: first.experts,
        tokenIds: known ? joined(lines) : undefined,
        tokens: texts ? lines.flatMap(({ tokens }) => tokens ?? []) : undefined,
        ...domainsOf(lines),
        sequenceStarts: startsOf(lines),
        notes: [...notes, ...cut]
      },
      source.name,
      options
    )
  }
}

interface Sequence {
  readonly model: string | undefined
  readonly source: string | undefined
  readonly notes: readonly string[] | undefined
  readonly layers: readonly number[] | undefined
  readonly experts: number | undefined
  readonly tokenCount: number
  readonly inputIds: readonly number[] | undefined
  readonly tokens: readonly string[] | undefined
  readonly domains: readonly string[] | undefined
  readonly domainIds: readonly number[] | undefined
  /** `[tokens, layers, k]` */
  readonly ids: FiledTensor
  readonly weights: FiledTensor | undefined
  readonly continues: boolean
}

const lineSchema = z.object({
  exp_ids: z.array(z.unknown()),
  exp_weights: z.array(z.unknown()).optional(),
  input_ids: z.array(z.int()).optional(),
  tokens: z.array(z.string()).optional(),
  domain_ids: z.array(z.int().nonnegative().max(255)).optional(),
  domains: z.array(z.string()).optional(),
  layers: z.array(z.int().nonnegative()).max(mostLayers).optional(),
  experts: z.int().positive().max(mostExperts).optional(),
  model: z.string().optional(),
  source: z.string().optional(),
  notes: z.array(z.string()).optional(),
  continues: z.boolean().default(false)
})

async function readSequences(source: ByteSource, options: ReadOptions, onCut: OnCut): Promise<Sequence[]> {
  const sequences: Sequence[] = []
  let values = 0
  for await (const { place, value, length } of readJsonLines(source, options, onCut)) {
    const sequence = sequenceOf(value, place, length)
    values += sequence.ids.shape.reduce((product, size) => product * size, 1)
    if (values > mostIdsInMemory) {
      throw new FormatError(`${source.name}: more than ${mostIdsInMemory} experts: split the file by lines`)
    }
    sequences.push(sequence)
  }
  return sequences
}

const axes = ['tokens', 'k', 'layers']

function sequenceOf(value: unknown, place: string, length: number): Sequence {
  const parsed = parsedBy(lineSchema, value, `${place}: `)
  const { exp_ids, exp_weights, input_ids: inputIds, tokens: texts, domain_ids: domainIds, ...facts } = parsed
  const { layers, domains = [] } = facts
  const { shape, values } = nestedIntegers(exp_ids, axes, `${place}: exp_ids`, length)
  const [tokens = 0, topK = 0, layerCount = 0] = shape
  for (const [name, each] of Object.entries({ input_ids: inputIds, tokens: texts, domain_ids: domainIds })) {
    if (each && each.length !== tokens) {
      throw new FormatError(`${place}: ${name} has ${each.length} tokens, and exp_ids ${tokens}`)
    }
  }
  const domain = domainIds?.find((id) => id >= domains.length)
  if (domain !== undefined) {
    throw new FormatError(`${place}: domain_ids: ${domain}, expected less than ${domains.length} (domains)`)
  }
  if (layers && layers.length !== layerCount) {
    throw new FormatError(`${place}: layers has ${layers.length} numbers, and exp_ids ${layerCount} layers`)
  }
  const wrong = values.findIndex((id) => id < -1 || id > mostId)
  if (wrong >= 0) {
    const at = [Math.floor(wrong / topK / layerCount), Math.floor(wrong / layerCount) % topK, wrong % layerCount]
    throw new FormatError(`${place}: exp_ids[${at.join('][')}]: expected -1 to ${mostId}, found ${values[wrong]}`)
  }
  const turned = new Int16Array(values.length)
  turn(values, turned, topK, layerCount)
  const data = new Uint8Array(turned.buffer)
  const ids = tensorInMemory(`${place}: exp_ids`, { dtype: 'I16', shape: [tokens, layerCount, topK], data })
  const weights = exp_weights && weightsOf(exp_weights, shape, place)
  const { model, source, notes, experts, continues } = facts
  const told = { model, source, notes, layers, experts, continues }
  return { ...told, tokenCount: tokens, inputIds, tokens: texts, domains, domainIds, ids, weights }
}

/** As 16-bit integers, of which -1 is one. */
const mostId = 32_767

/** From `[tokens, k, layers]` to `[tokens, layers, k]`. */
function turn(from: ArrayLike<number>, to: Int16Array | Float32Array, topK: number, layers: number): void {
  const perToken = topK * layers
  for (let i = 0; i < from.length; i++) {
    const within = i % perToken
    to[i - within + (within % layers) * topK + Math.floor(within / layers)] = from[i] ?? 0
  }
}

function weightsOf(
  value: unknown[],
  [tokens = 0, topK = 0, layers = 0]: readonly number[],
  place: string
): FiledTensor {
  const schema = z.array(z.array(z.array(z.number()).length(layers)).length(topK)).length(tokens)
  const parsed = parsedBy(schema, value, `${place}: exp_weights.`)
  const turned = new Float32Array(tokens * topK * layers)
  turn(parsed.flat(2), turned, topK, layers)
  const data = new Uint8Array(turned.buffer)
  return tensorInMemory(`${place}: exp_weights`, { dtype: 'F32', shape: [tokens, layers, topK], data })
}

function joined(lines: readonly Sequence[]): Int32Array {
  const ids = new Int32Array(lines.reduce((sum, { tokenCount }) => sum + tokenCount, 0))
  let written = 0
  for (const { inputIds, tokenCount } of lines) {
    ids.set(inputIds ?? [], written)
    written += tokenCount
  }
  return ids
}

/** The domains of all tokens; nothing where a line has none, or other names than the first. */
function domainsOf(lines: readonly Sequence[]): { domains?: readonly string[]; domainIds?: Uint8Array } {
  const [first] = lines
  const alike = lines.every(({ domains }) => JSON.stringify(domains) === JSON.stringify(first?.domains))
  if (!first?.domains || !alike) return {}
  const known = lines.every(({ domainIds }) => domainIds)
  const domainIds = known ? Uint8Array.from(lines.flatMap(({ domainIds }) => domainIds ?? [])) : undefined
  return { domains: first.domains, ...(domainIds && { domainIds }) }
}

function startsOf(lines: readonly Sequence[]): Uint32Array {
  let begin = 0
  const starts = lines.flatMap(({ tokenCount, continues }) => {
    const start = begin
    begin += tokenCount
    return tokenCount > 0 && (!continues || start === 0) ? [start] : []
  })
  return Uint32Array.from(starts)
}
