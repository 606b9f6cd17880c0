/**
 * Traces from arrays of chosen experts, which is what most recorders keep. The ids stay where they are and are read in
 * stretches; one pass over them when the file is opened finds the highest, and the layers that were not routed.
 */
import { FormatError } from '../../formats/format-error'
import { noExpert, type RoutingRows, type Trace } from '../trace'
import {
  type ExpertIdsPart,
  type Form,
  formOf,
  idsOf,
  keptLayers,
  partAt,
  type Scan,
  scanIds,
  weightsOf
} from './expert-id-parts'
import { answeredExperts, expertsQuestion } from './experts-question'
import { type Answers, type Asked, answerOf, type Question, type Readable, type ReadOptions } from './importer'
import { checkCount, mostExperts } from './limits'

export interface ExpertIds {
  readonly model?: string | undefined
  /** By default the name of the file. */
  readonly source?: string | undefined
  /** At least one; all with the same layers and k, and all with weights or none. */
  readonly parts: readonly ExpertIdsPart[]
  /** Place of each layer in the model; from 0 on where the file does not say. */
  readonly layers?: readonly number[] | undefined
  /** The place in the file that says it. */
  readonly experts?: number | undefined
  readonly tokenIds?: Int32Array | undefined
  readonly tokens?: readonly string[] | undefined
  readonly domains?: readonly string[] | undefined
  readonly domainIds?: Uint8Array | undefined
  /** By default each part is a sequence. */
  readonly sequenceStarts?: Uint32Array | undefined
  readonly notes: readonly string[]
  /** True where the recorder writes zeros for layers without a router. */
  readonly zerosForDense?: boolean
  /** The expert that an id of a layer stands for, where they differ. */
  readonly expertOf?: ((layer: number, id: number) => number) | undefined
}

/** Reads over all ids, and says what is left to ask. Rejects with a `FormatError` that names the array. */
export async function readExpertIds(file: ExpertIds, name: string, options: ReadOptions): Promise<Readable> {
  const form = formOf(file.parts)
  if (file.experts !== undefined) checkCount(file.experts, mostExperts, 'experts')
  const idCount = file.expertOf ? mostExperts : (file.experts ?? mostExperts)
  // A file that says how many experts there are knows that these are their ids.
  const distinct = file.experts === undefined && !file.expertOf
  const scan = await scanIds(file.parts, form, { idCount, expertOf: file.expertOf, distinct }, options)
  const kept = keptLayers(form, scan)
  const zero = file.zerosForDense ? kept.filter((layer) => !scan.other[layer]) : []
  const questions: Question[] = []
  if (file.experts === undefined) questions.push(expertsQuestion(scan.highest, scan.topK))
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
    source: file.source || name,
    layers: numbers(places),
    experts,
    topK: scan.topK,
    tokenCount,
    tokenIds: file.tokenIds,
    tokens: file.tokens,
    domains: file.domains ?? [],
    domainIds: file.domainIds,
    sequenceStarts: file.sequenceStarts ?? startsOf(form),
    notes,
    has: new Set(weights ? (['expertWeights'] as const) : []),
    rows: (from, to, columns = []) =>
      rowsOf(file, form, { places, topK: scan.topK, experts }, from, to, weights && columns.includes('expertWeights'))
  }
}

function expertsOf(
  { experts }: ExpertIds,
  { highest, topK }: Scan,
  asked: Asked,
  answers: Answers,
  notes: string[]
): number {
  if (experts !== undefined) {
    if (experts >= topK) return experts
    throw new FormatError(`experts: the file says ${experts}, but it has ${topK} for each token`)
  }
  const answered = answeredExperts(highest, topK, answers, asked)
  notes.push(...answered.notes)
  return answered.experts
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
    const weights = expertWeights && (await weightsOf(part, form, first - begin, last - begin))
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
