/**
 * Traces from arrays of chosen experts, which is what most recorders keep. The ids stay where they are and are read in
 * stretches; one pass over them when the file is opened finds the highest, and the layers that were not routed.
 */
import { type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { dtypeBytes, float32Of, integersOf } from '../../formats/tensor-data'
import { giveWay } from '../../give-way'
import { noExpert, type RoutingRows, type Trace } from '../trace'
import {
  AnswerError,
  type Answers,
  type Asked,
  answerOf,
  type Question,
  type Readable,
  type ReadOptions,
  throwIfStopped
} from './importer'
import { checkCount, mostExperts, mostLayers, mostTopK, plausibleExperts } from './limits'

/** The experts of some tokens that follow each other. */
export interface ExpertIdsPart {
  /** Integers `[tokens, layers, k]`, or `[layers, tokens, k]` where `layersFirst`; -1 for no expert. */
  readonly ids: FiledTensor
  readonly layersFirst?: boolean
  /** `[tokens, layers, k]` */
  readonly weights?: FiledTensor | undefined
}

export interface ExpertIds {
  readonly model?: string | undefined
  /** At least one; all with the same layers and k, and all with weights or none. */
  readonly parts: readonly ExpertIdsPart[]
  /** Place of each layer in the model; from 0 on where the file does not say. */
  readonly layers?: readonly number[] | undefined
  /** Where the file says it. */
  readonly experts?: number | undefined
  readonly tokenIds?: Int32Array | undefined
  /** By default each part is a sequence. */
  readonly sequenceStarts?: Uint32Array | undefined
  readonly notes: readonly string[]
  /** Whether the recorder writes zeros for layers without a router. */
  readonly zerosForDense?: boolean
  /** The expert that an id of a layer stands for, where they differ. */
  readonly expertOf?: ((layer: number, id: number) => number) | undefined
}

/** Reads over all ids, and says what is left to ask. Rejects with a `FormatError` that names the array. */
export async function readExpertIds(file: ExpertIds, name: string, options: ReadOptions): Promise<Readable> {
  const form = formOf(file.parts)
  const scan = await scanIds(file, form, options)
  const kept = keptLayers(form, scan)
  const zero = file.zerosForDense ? kept.filter((layer) => !scan.other[layer]) : []
  const questions: Question[] = []
  if (file.experts === undefined) {
    questions.push(expertsQuestion(scan.highest, scan.topK))
  }
  if (zero.length > 0 && zero.length < kept.length) {
    questions.push({
      id: 'dense-layers',
      label: `layers ${zero.join(', ')}, where every expert is 0: leave them out as dense, or keep them`,
      kind: 'choice',
      // With several experts, a token is never sent to the same one twice.
      proposal: form.topK > 1 ? 'leave-out' : 'keep',
      choices: ['leave-out', 'keep'],
      needed: false
    })
  }
  const preview = await previewOf(file, form)
  const asked = { questions, preview }
  return { ...asked, open: async (answers) => traceOf(file, name, form, scan, { kept, zero }, asked, answers) }
}

/** How many experts there are, where `highest` is the highest id, -1 where there is none. */
export function expertsQuestion(highest: number, topK = 1): Question {
  const proposal = Math.max(plausibleExperts(Math.max(highest, 0)), topK)
  return { id: 'experts', label: 'experts of each MoE layer', kind: 'count', proposal, needed: false }
}

interface Form {
  readonly layers: number
  /** Experts of each row in the file. */
  readonly topK: number
  /** Where each part begins, and where the last ends: `[parts + 1]`. */
  readonly begins: readonly number[]
  readonly tokenCount: number
}

function formOf(parts: readonly ExpertIdsPart[]): Form {
  const [first] = parts
  if (!first) throw new FormatError('no array of experts')
  const axes = ({ layersFirst }: ExpertIdsPart) => (layersFirst ? '[layers, tokens, top_k]' : '[tokens, layers, top_k]')
  const sizes = (part: ExpertIdsPart) => {
    const { name, shape } = part.ids
    const [a, b, topK] = shape
    if (shape.length !== 3 || a === undefined || b === undefined || topK === undefined) {
      throw new FormatError(`'${name}': expected the axes ${axes(part)}, found shape [${shape.join(', ')}]`)
    }
    return part.layersFirst ? { layers: a, tokens: b, topK } : { layers: b, tokens: a, topK }
  }
  const { layers, topK } = sizes(first)
  checkCount(layers, mostLayers, `'${first.ids.name}': layers`)
  checkCount(topK, mostTopK, `'${first.ids.name}': top_k`)
  const begins = [0]
  for (const part of parts) {
    const found = sizes(part)
    if (found.layers !== layers || found.topK !== topK) {
      throw new FormatError(
        `'${part.ids.name}': shape [${part.ids.shape.join(', ')}] contradicts '${first.ids.name}', which has ` +
          `${layers} layers and top_k ${topK}`
      )
    }
    begins.push((begins.at(-1) ?? 0) + found.tokens)
  }
  return { layers, topK, begins, tokenCount: begins.at(-1) ?? 0 }
}

interface Scan {
  /** -1 where there is no expert at all. */
  readonly highest: number
  /** Whether a layer has any expert, and any but expert 0: `[layers]`. */
  readonly any: Uint8Array
  readonly other: Uint8Array
  /** Experts that some row has, at most. */
  readonly topK: number
}

const stretchBytes = 4 * 1024 * 1024

async function scanIds({ parts, expertOf }: ExpertIds, form: Form, options: ReadOptions): Promise<Scan> {
  const { layers, topK, tokenCount } = form
  const any = new Uint8Array(layers)
  const other = new Uint8Array(layers)
  let highest = -1
  let used = 0
  for (const [index, part] of parts.entries()) {
    const begin = form.begins[index] ?? 0
    const count = (form.begins[index + 1] ?? 0) - begin
    const stretch = stretchOf(form, part)
    for (let from = 0; from < count; from += stretch) {
      const to = Math.min(from + stretch, count)
      const ids = await idsOf(part, form, from, to)
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i] ?? 0
        if (id === -1) continue
        const layer = Math.floor(i / topK) % layers
        if (!(id >= 0 && id < mostExperts)) {
          const place = [from + Math.floor(i / (layers * topK)), layer, i % topK]
          throw new FormatError(
            `'${part.ids.name}': ${id} at token ${place[0]}, layer ${place[1]}, rank ${place[2]}: expected an expert ` +
              `from 0 to ${mostExperts - 1}, or -1 for none`
          )
        }
        const expert = expertOf ? expertOf(layer, id) : id
        if (expert > highest) highest = expert
        if (i % topK >= used) used = (i % topK) + 1
        any[layer] = 1
        if (id !== 0) other[layer] = 1
      }
      options.progress?.(begin + to, tokenCount)
      if (to < count) {
        await giveWay()
        throwIfStopped(options)
      }
    }
  }
  if (used === 0 && tokenCount > 0)
    throw new FormatError(`'${parts[0]?.ids.name}': every value is -1: no expert at all`)
  return { highest, any, other, topK: used === 0 ? topK : used }
}

function stretchOf({ layers, topK }: Form, { ids }: ExpertIdsPart): number {
  return Math.max(1, Math.floor(stretchBytes / (layers * topK * dtypeBytes[ids.dtype])))
}

/** Layers that any token was routed in; all where there are no tokens. */
function keptLayers(form: Form, { any }: Scan): number[] {
  const all = Array.from({ length: form.layers }, (_, layer) => layer)
  return form.tokenCount > 0 ? all.filter((layer) => any[layer]) : all
}

/** Ids as the file has them, of tokens of one part: `[tokens, layers, k]`. */
async function idsOf(part: ExpertIdsPart, form: Form, from: number, to: number): Promise<ArrayLike<number>> {
  const { ids, layersFirst } = part
  if (!layersFirst) return integersOf(await tensorRows(ids, from, to), ids.name)
  const { layers, topK } = form
  const tokens = ids.shape[1] ?? 0
  const bytes = topK * dtypeBytes[ids.dtype]
  const found = new Float64Array((to - from) * layers * topK)
  for (let layer = 0; layer < layers; layer++) {
    const begin = ids.begin + layer * tokens * bytes
    const rows = { ...ids, shape: [tokens, topK], begin, end: begin + tokens * bytes }
    const values = integersOf(await tensorRows(rows, from, to), ids.name)
    for (let i = 0; i < values.length; i++) {
      found[(Math.floor(i / topK) * layers + layer) * topK + (i % topK)] = values[i] ?? 0
    }
  }
  return found
}

const previewTokens = 4
const previewLayers = 4

async function previewOf({ parts }: ExpertIds, form: Form): Promise<string> {
  const [part] = parts
  const tokens = Math.min(previewTokens, form.begins[1] ?? 0)
  if (!part || tokens === 0) return 'no tokens'
  const ids = await idsOf(part, form, 0, tokens)
  const { layers, topK } = form
  return Array.from({ length: tokens }, (_, token) => {
    const cells = Array.from({ length: Math.min(previewLayers, layers) }, (_, layer) => {
      const begin = (token * layers + layer) * topK
      return `layer ${layer}: ${Array.from({ length: topK }, (_, rank) => ids[begin + rank]).join(' ')}`
    })
    return `token ${token}  ${[...cells, ...(layers > previewLayers ? ['...'] : [])].join('  ')}`
  }).join('\n')
}

async function traceOf(
  file: ExpertIds,
  name: string,
  form: Form,
  scan: Scan,
  { kept, zero }: { kept: readonly number[]; zero: readonly number[] },
  asked: Asked,
  answers: Answers
): Promise<Trace> {
  const notes = [...file.notes]
  const { tokenCount } = form
  const leaveOut =
    asked.questions.some(({ id }) => id === 'dense-layers') &&
    answerOf('dense-layers', answers, asked).value === 'leave-out'
  const places = leaveOut ? kept.filter((layer) => !zero.includes(layer)) : kept
  const numbers = (list: readonly number[]) => list.map((layer) => file.layers?.[layer] ?? layer)
  const none = Array.from({ length: form.layers }, (_, layer) => layer).filter((layer) => !kept.includes(layer))
  if (none.length > 0) notes.push(`Layers ${numbers(none).join(', ')} have no expert in the file and are left out.`)
  if (zero.length > 0) {
    notes.push(
      `In layers ${numbers(zero).join(', ')} every expert is 0. Early versions of vLLM write zeros for dense layers: ` +
        (leaveOut ? 'they are left out.' : 'if these are dense, what is said about them means nothing.')
    )
  }
  if (scan.topK < form.topK) {
    notes.push(`Rows have room for ${form.topK} experts, and none has more than ${scan.topK}: that is taken as top-k.`)
  }
  const experts = expertsOf(file, scan, asked, answers, notes)
  const weights = file.parts.every((part) => part.weights)
  return {
    kind: 'trace',
    model: file.model ?? '',
    source: name,
    layers: numbers(places),
    experts,
    topK: scan.topK,
    tokenCount,
    tokenIds: file.tokenIds,
    tokens: undefined,
    domains: [],
    domainIds: undefined,
    sequenceStarts: file.sequenceStarts ?? startsOf(form),
    notes,
    has: new Set(weights ? (['expertWeights'] as const) : []),
    rows: (from, to, columns = []) =>
      rowsOf(file, form, { places, topK: scan.topK, experts }, from, to, weights && columns.includes('expertWeights'))
  }
}

function expertsOf({ experts }: ExpertIds, { highest }: Scan, asked: Asked, answers: Answers, notes: string[]): number {
  if (experts !== undefined) {
    checkCount(experts, mostExperts, 'experts')
    if (highest < experts) return experts
    throw new FormatError(`experts: the file says ${experts}, but it has expert ${highest}`)
  }
  const { value, given } = answerOf('experts', answers, asked)
  const count = Number(value)
  if (count <= highest || count > mostExperts) {
    throw new AnswerError(
      `experts: expected ${highest + 1} to ${mostExperts} (the file has expert ${highest}), found ${count}`,
      asked
    )
  }
  if (!given) {
    notes.push(
      `The file does not say how many experts a layer has: ${count} are assumed, because the highest id is ${highest}.`
    )
  }
  return count
}

/** Parts without a token begin nothing. */
function startsOf({ begins, tokenCount }: Form): Uint32Array {
  return Uint32Array.from(new Set(begins.filter((begin) => begin < tokenCount)))
}

interface Kept {
  readonly places: readonly number[]
  readonly topK: number
  readonly experts: number
}

/** All ids were in range when the file was opened: it may have changed since. */
function checked(expert: number, experts: number, { ids }: ExpertIdsPart): number {
  if (expert < experts) return expert
  throw new FormatError(`'${ids.name}': expected experts 0 to ${experts - 1}, found ${expert}: the file has changed`)
}

async function rowsOf(
  { parts, expertOf }: ExpertIds,
  form: Form,
  { places, topK, experts }: Kept,
  from: number,
  to: number,
  weighted: boolean
): Promise<RoutingRows> {
  const perToken = places.length * topK
  const expertIds = new Uint16Array((to - from) * perToken)
  const expertWeights = weighted ? new Float32Array(expertIds.length) : undefined
  for (let index = partAt(form, from); index < parts.length; index++) {
    const part = parts[index]
    const begin = form.begins[index] ?? 0
    const [first, last] = [Math.max(from, begin), Math.min(to, form.begins[index + 1] ?? 0)]
    if (!part || begin >= to) break
    if (first >= last) continue
    const ids = await idsOf(part, form, first - begin, last - begin)
    const weights =
      expertWeights && part.weights
        ? float32Of(await tensorRows(part.weights, first - begin, last - begin), part.weights.name)
        : undefined
    for (let token = first; token < last; token++) {
      for (const [kept, layer] of places.entries()) {
        const source = ((token - first) * form.layers + layer) * form.topK
        const target = (token - from) * perToken + kept * topK
        for (let rank = 0; rank < topK; rank++) {
          const id = ids[source + rank] ?? -1
          expertIds[target + rank] = id < 0 ? noExpert : checked(expertOf ? expertOf(layer, id) : id, experts, part)
          if (expertWeights && weights) expertWeights[target + rank] = weights[source + rank] ?? 0
        }
      }
    }
  }
  return { from, to, expertIds, ...(expertWeights && { expertWeights }) }
}

/** The last part that begins at or before a token. */
function partAt({ begins }: Form, token: number): number {
  let [low, high] = [0, begins.length - 2]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((begins[middle] ?? 0) <= token) low = middle
    else high = middle - 1
  }
  return low
}
