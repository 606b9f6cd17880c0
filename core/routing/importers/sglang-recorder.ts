/**
 * Files of SGLang's expert distribution recorder, written by `torch.save`. Mode `per_token`: `{"records": [{
 * "input_ids", "positions", "forward_mode", "extend_seq_lens", "topk_ids_of_layer": [layers, tokens, 8], ...}],
 * "last_physical_to_logical_map": [layers, physical experts]}`, one record for each forward pass, -1 where there is no
 * expert. Mode `per_pass`: the same with `global_physical_count [layers, physical experts]` in each record, without
 * tokens. Modes `stat` and `stat_approx`: `{"logical_count": [steps, layers, experts]}`.
 * python/sglang/srt/eplb/expert_distribution.py of https://github.com/sgl-project/sglang
 */
import type { FiledTensor } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import type { PickleValue } from '../../formats/pickle'
import { type TorchFile, TorchTensor } from '../../formats/torch-file'
import { readCounts } from './count-values'
import { readExpertIds } from './expert-ids'
import type { Importer, Readable, ReadOptions } from './importer'
import { noWeights } from './notes'
import { readPasses } from './sglang-counts'
import { readExpertMap } from './sglang-expert-map'

export const sglangRecorder: Importer = {
  format: 'sglang-recorder',
  label: "SGLang's expert distribution recorder (.pt)",
  detect: ({ content }) => (content.kind === 'torch' && isRecording(content.file.value) ? 'certain' : 'no'),
  read: async ({ source, content }, options) => {
    if (content.kind !== 'torch') throw new FormatError('expected a file of torch.save')
    const { file } = content
    if (!(file.value instanceof Map)) throw new FormatError('expected a dict with records or logical_count')
    const { value: root } = file
    const counts = root.get('logical_count')
    if (counts instanceof TorchTensor) return readCounts([await file.tensor(counts, 'logical_count')], source.name)
    const records = root.get('records')
    if (Array.isArray(records)) {
      const map = root.get('last_physical_to_logical_map')
      const read = records.every(isPass) && records.length > 0 ? readPasses : readRecords
      return read(file, records, map, source.name, options)
    }
    const keys = [...root.keys()].slice(0, 8).map(String)
    throw new FormatError(`expected a dict with 'records' or 'logical_count', found ${keys.join(', ') || 'no keys'}`)
  }
}

/** True where a pickle has what a recording has, by its keys and those of its records. */
export function isRecording(value: PickleValue): boolean {
  if (!(value instanceof Map)) return false
  if (value.has('records') || value.has('last_physical_to_logical_map')) return true
  return value.get('logical_count') instanceof TorchTensor || [...value.values()].some(isRecords)
}

function isRecords(value: PickleValue): boolean {
  const [first] = Array.isArray(value) ? value : []
  return first instanceof Map && (first.has('topk_ids_of_layer') || first.has('global_physical_count'))
}

/** True where a record has counts only. */
function isPass(record: PickleValue): boolean {
  return record instanceof Map && record.has('global_physical_count') && !record.has('topk_ids_of_layer')
}

interface Pass {
  readonly ids: FiledTensor
  readonly tokenIds: readonly number[] | undefined
  /** Tokens of the pass that begin a text of their own. */
  readonly starts: readonly number[]
  readonly decoded: boolean
}

async function readRecords(
  file: TorchFile,
  records: readonly PickleValue[],
  map: PickleValue | undefined,
  name: string,
  options: ReadOptions
): Promise<Readable> {
  const passes: Pass[] = []
  for (const [i, record] of records.entries()) passes.push(await passOf(file, record, `records[${i}]`))
  const [first] = passes
  if (!first) throw new FormatError('records: expected at least one, found none: nothing was recorded')
  const experts = map instanceof TorchTensor ? await readExpertMap(file, map, first.ids.shape[0] ?? 0) : undefined
  const known = passes.every(({ tokenIds }) => tokenIds)
  const notes = [noWeights]
  if (passes.some(({ decoded }) => decoded)) {
    notes.push(
      'Tokens of decoding passes come from several requests at once: each is taken as a text of its own, so that no ' +
        'token is compared with that of another request.'
    )
  }
  if (experts && !experts.identity) {
    notes.push(
      'Experts were placed several times or moved: the ids of places are turned into those of experts by the last map ' +
        'of the recording. Passes before a move may be told wrongly.'
    )
  }
  if (!experts) notes.push('The file has no last_physical_to_logical_map: ids are taken as those of experts.')
  return readExpertIds(
    {
      parts: passes.map(({ ids }) => ({ ids, layersFirst: true })),
      experts: experts?.count,
      ...(experts && !experts.identity && { expertOf: experts.expertOf }),
      tokenIds: known ? Int32Array.from(passes.flatMap(({ tokenIds }) => tokenIds ?? [])) : undefined,
      sequenceStarts: startsOf(passes),
      notes
    },
    name,
    options
  )
}

async function passOf(file: TorchFile, record: PickleValue, place: string): Promise<Pass> {
  if (!(record instanceof Map)) throw new FormatError(`${place}: expected a dict`)
  const tensor = record.get('topk_ids_of_layer')
  if (!(tensor instanceof TorchTensor)) {
    throw new FormatError(
      `${place}: 'topk_ids_of_layer' is missing: record with --expert-distribution-recorder-mode per_token, per_pass or stat`
    )
  }
  const ids = await file.tensor(tensor, `${place}.topk_ids_of_layer`)
  const tokens = ids.shape[1] ?? 0
  const tokenIds = integersAt(record, 'input_ids', place)
  if (tokenIds && tokenIds.length !== tokens) {
    throw new FormatError(
      `${place}: input_ids has ${tokenIds.length} tokens, but topk_ids_of_layer has shape [${ids.shape.join(', ')}]`
    )
  }
  const decoded = record.get('forward_mode') === decodeMode
  const lengths = integersAt(record, 'extend_seq_lens', place)
  const positions = integersAt(record, 'positions', place)
  return { ids, tokenIds, starts: startsWithin(tokens, decoded, lengths, positions), decoded }
}

/** Of SGLang's `ForwardMode`. */
const decodeMode = 2

function integersAt(record: Map<PickleValue, PickleValue>, key: string, place: string): number[] | undefined {
  const value = record.get(key)
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value) && value.every((each) => Number.isInteger(each))) return value as number[]
  throw new FormatError(`${place}.${key}: expected a list of whole numbers`)
}

function startsWithin(
  tokens: number,
  decoded: boolean,
  lengths: readonly number[] | undefined,
  positions: readonly number[] | undefined
): number[] {
  const all = Array.from({ length: tokens }, (_, token) => token)
  if (decoded) return all
  if (
    lengths &&
    lengths.every((length) => length >= 0) &&
    lengths.reduce((sum, length) => sum + length, 0) === tokens
  ) {
    let begin = 0
    const starts = lengths.map((length) => {
      const start = begin
      begin += length
      return start
    })
    return starts.filter((start, i) => (lengths[i] ?? 0) > 0)
  }
  if (positions?.length === tokens) {
    return all.filter((token) => token === 0 || positions[token] !== (positions[token - 1] ?? 0) + 1)
  }
  return all.slice(0, 1)
}

function startsOf(passes: readonly Pass[]): Uint32Array {
  let begin = 0
  return Uint32Array.from(
    passes.flatMap(({ ids, starts }) => {
      const first = begin
      begin += ids.shape[1] ?? 0
      return starts.map((start) => first + start)
    })
  )
}
