/**
 * JSON lines with a record for each token or layer, as router tracers write them: Megatron's (`{"step", "layer",
 * "top_indices": [tokens][k]}`), loggers in vLLM (`{"req_id", "token_idx", "layer", "topk_ids": [k], "topk_weights"}`),
 * a record for each token with all layers (`[layers][k]`), or for each choice; by whichever of the usual names
 * (`record-names.ts`). Records without experts are the writer's own notes.
 * https://github.com/NVIDIA/Megatron-LM
 */
import { z } from 'zod'
import { FormatError } from '../../formats/format-error'
import { parsedBy } from '../../formats/problems'
import { areCountRecords } from './count-records'
import { readExpertIds } from './expert-ids'
import { GatheredChoices } from './gathered-choices'
import type { Importer, ReadOptions, Sniffed } from './importer'
import { mostExperts } from './limits'
import { LogitRecords } from './logit-records'
import { nameIn, type RecordName, recordNames } from './record-names'
import { numberOf, recordsOf, type Values, whereOf } from './records'
import { readRouterLogits } from './router-logits'

const lists = new RegExp(`"(${[...recordNames.experts, ...recordNames.logits].join('|')})"\\s*:\\s*\\[`)
const listsOfLayers = new RegExp(
  `"(${recordNames.ofLayers.join('|')})"\\s*:\\s*\\{\\s*"\\D{0,40}\\d+\\D{0,40}"\\s*:\\s*[[{]`
)
const single = new RegExp(`"(${recordNames.expert.join('|')})"\\s*:\\s*-?\\d`)
const layers = new RegExp(`"(${recordNames.layer.join('|')})"\\s*:\\s*\\d`)

export const recordLines: Importer = {
  format: 'records',
  label: 'records of tokens or layers (JSON lines of Megatron, vLLM loggers)',
  detect: ({ content }) => {
    if (content.kind !== 'text' || !/^[{[]/.test(content.head)) return 'no'
    if (/"(exp_ids|\w*routed_experts|choices|meta_info|sgl_?ext)"\s*:/.test(content.head)) return 'no'
    const hasLayer = layers.test(content.head)
    if (areCountRecords(content.head)) return 'no'
    if (lists.test(content.head) || listsOfLayers.test(content.head) || (single.test(content.head) && hasLayer))
      return 'certain'
    return hasLayer ? 'possible' : 'no'
  },
  read: async (file, options) => {
    const { choices, logits, model, experts, notes } = await gatheredRecords(file, options)
    if (logits) return readRouterLogits({ ...file, content: logits.content(model) }, notes)
    return readExpertIds(choices.gathered({ model, experts }, notes), file.source.name, options)
  }
}

interface Gathered {
  readonly choices: GatheredChoices
  /** In place of choices, where the records have none. */
  readonly logits: LogitRecords | undefined
  readonly model: string | undefined
  readonly experts: number | undefined
  readonly notes: readonly string[]
}

const facts = z.object({
  model_id: z.string().optional().catch(undefined),
  model: z.string().optional().catch(undefined),
  num_experts: z.int().positive().max(mostExperts).optional().catch(undefined),
  n_experts: z.int().positive().max(mostExperts).optional().catch(undefined)
})

async function gatheredRecords(file: Sniffed, options: ReadOptions): Promise<Gathered> {
  const choices = new GatheredChoices()
  const logits = new LogitRecords()
  const notes = new Set<string>()
  let [model, experts]: [string | undefined, number | undefined] = [undefined, undefined]
  let [records, others] = [0, 0]
  let first: Kind | undefined
  for await (const { place, record } of recordsOf(file, options, (note) => void notes.add(note))) {
    const told = facts.parse(record)
    model ??= told.model_id ?? told.model
    experts ??= told.num_experts ?? told.n_experts
    const field = nameIn((name) => Array.isArray(record[name]), 'experts') ?? nameIn((name) => name in record, 'expert')
    if (field === undefined) {
      const row =
        nameIn((name) => Array.isArray(record[name]), 'logits') ??
        nameIn((name) => Array.isArray(record[name]), 'weights')
      if (row === undefined) others++
      else logits.add({ ...whereOf(record), text: textOf(record, false) }, record[row], `${place}${row}`)
      continue
    }
    const kind = { stage: record.stage, block: record.block }
    first ??= kind
    if (kind.stage !== first.stage || kind.block !== first.block) {
      notes.add(
        `Records of another stage or block than the first (${[first.stage, first.block].filter(Boolean).join(', ')}) are ` +
          'left out.'
      )
      continue
    }
    if ('top_indices' in record && 'stage' in record) notes.add(megatronLayers)
    addRecord(choices, record, field, place.replace(/[.:\s]+$/, ''))
    records++
  }
  if (records === 0 && logits.count === 0) {
    throw new FormatError(
      `none of ${others} records has the experts of a token: expected a list such as ` +
        `${recordNames.experts.slice(0, 4).join(', ')} beside layer`
    )
  }
  if (records > 0 && logits.count > 0) notes.add(`${logits.count} records without experts are left out.`)
  return { choices, logits: records === 0 ? logits : undefined, model, experts, notes: [...notes] }
}

interface Kind {
  readonly stage: unknown
  readonly block: unknown
}

const megatronLayers = 'Layers are numbered as in the file: Megatron counts them from 1.'

/** Experts of one choice, of a token, of all layers of a token or of the tokens of a layer, or of both. */
const expertsSchema = z.union([
  z.int(),
  z.array(z.int()),
  z.array(z.array(z.int())),
  z.array(z.array(z.array(z.int())))
])
const weightsSchema = z.union([
  z.number(),
  z.array(z.number()),
  z.array(z.array(z.number())),
  z.array(z.array(z.array(z.number())))
])
type Nested<T> = T | readonly Nested<T>[]

function addRecord(choices: GatheredChoices, record: Values, field: string, place: string): void {
  const experts: Nested<number> = parsedBy(expertsSchema, record[field], `${place}: ${field}`)
  const number = (name: RecordName) => numberOf(record, name)
  const weightKey =
    nameIn((name) => Array.isArray(record[name]), 'weights') ??
    nameIn((name) => typeof record[name] === 'number', 'weight')
  const weights: Nested<number> | undefined =
    weightKey === undefined ? undefined : parsedBy(weightsSchema, record[weightKey], `${place}: ${weightKey}`)
  const alone = typeof experts === 'number'
  const text = textOf(record, alone)
  const { layer, ...where } = whereOf(record)
  const base = { text, ...where }
  const add = (token: number | undefined, at: number, row: Nested<number>, gates: Nested<number> | undefined) => {
    for (const [rank, expert] of [row].flat().entries()) {
      const gate = gates === undefined ? undefined : [gates].flat()[rank]
      if (typeof expert !== 'number' || (gates !== undefined && typeof gate !== 'number')) {
        throw new FormatError(`${place}: ${field}: expected lists of the axes [tokens][k], with as many weights`)
      }
      choices.add(
        { ...base, token, layer: at, rank: alone ? number('rank') : rank, expert, weight: gate as number },
        place
      )
    }
  }
  const rows = (of: Nested<number> | undefined) => (Array.isArray(of) ? of : undefined)
  const [sample] = rows(experts) ?? []
  if (!Array.isArray(sample)) {
    if (layer === undefined)
      throw new FormatError(`${place}: expected the layer, such as ${recordNames.layer.slice(0, 3).join(', ')}`)
    add(base.token, layer, experts, weights)
    return
  }
  if (layer === undefined && !Array.isArray(sample[0]) && !hasToken(record)) {
    throw new FormatError(
      `${place}: ${field}: lists of lists are of the layers of a token, or of the tokens of a layer: expected token_idx ` +
        'or layer beside them'
    )
  }
  for (const [i, row] of (rows(experts) ?? []).entries()) {
    const gates = rows(weights)?.[i]
    const deeper = rows(row)?.some((each) => Array.isArray(each)) ?? false
    if (deeper && layer === undefined)
      for (const [at, each] of (rows(row) ?? []).entries()) add((base.token ?? 0) + i, at, each, rows(gates)?.[at])
    else if (layer === undefined) add(base.token, i, row, gates)
    else add(base.token === undefined ? undefined : base.token + i, layer, row, gates)
  }
}

function hasToken(record: Values): boolean {
  return [...recordNames.token, ...recordNames.tokenId].some((name) => name in record)
}

/** The key of a text: its request, else the pass of the model; and the process, where that is told. */
function textOf(record: Values, alone: boolean): string {
  const request = nameIn((name) => isName(record[name]), 'text')
  const pass = nameIn((name) => isName(record[name]), 'pass')
  // The rank of a choice is no process.
  const process = alone ? undefined : record.rank
  return [request === undefined ? pass && record[pass] : record[request], process].filter(isName).join(' ')
}

function isName(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string'
}
