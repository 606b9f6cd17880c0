/**
 * Rollouts that slime and miles save for debugging (`--save-debug-rollout-data`): `torch.save` of `{"samples": [{"tokens":
 * [tokens], "rollout_routed_experts": [tokens - 1, layers, top_k], ...}]}`, a dict for each sample; or, on their way to
 * the training, lists of all samples by name. The last token of a sample was never routed.
 * https://github.com/THUDM/slime/blob/main/slime/utils/types.py
 */
import type { FiledTensor } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import type { PickleValue } from '../../formats/pickle'
import { arraysOfPickle } from '../../formats/pickled-arrays'
import { isFloat } from '../../formats/tensor-data'
import type { TorchFile } from '../../formats/torch-file'
import { readExpertIds } from './expert-ids'
import type { Importer } from './importer'
import { noTokenIds, noWeights } from './notes'

export const rollouts: Importer = {
  format: 'rollouts',
  label: 'rollouts of slime or miles (.pt)',
  detect: ({ content }) => (content.kind === 'torch' && isRollout(content.file.value) ? 'certain' : 'no'),
  read: async ({ source, content }, options) => {
    if (content.kind !== 'torch') throw new FormatError('expected a file of torch.save')
    const { file } = content
    const samples = samplesOf(file.value)
    const sequences: Sequence[] = []
    for (const [i, sample] of samples.entries()) {
      const sequence = await sequenceOf(file, sample, `samples[${i}]`)
      if (sequence) sequences.push(sequence)
    }
    if (sequences.length === 0) {
      throw new FormatError(
        `none of the ${samples.length} samples has rollout_routed_experts: roll out with --use-rollout-routing-replay`
      )
    }
    const ids = sequences.flatMap(({ tokenIds }) => (tokenIds ? [tokenIds] : []))
    const known = ids.length === sequences.length
    const notes = [noWeights, ...(known ? [] : [noTokenIds])]
    if (sequences.length < samples.length) {
      notes.push(`${samples.length - sequences.length} of ${samples.length} samples have no experts and are left out.`)
    }
    return readExpertIds(
      {
        parts: sequences.map((sequence) => ({ ids: sequence.ids })),
        tokenIds: known ? Int32Array.from(ids.flat()) : undefined,
        notes,
        zerosForDense: true
      },
      source.name,
      options
    )
  }
}

const expertKeys = ['rollout_routed_experts', 'routed_experts']

type Sample = Map<PickleValue, PickleValue>

/** True where a pickle has samples of a rollout, by its keys. */
export function isRollout(value: PickleValue): boolean {
  return samplesOf(value).some((sample) => expertKeys.some((key) => sample.has(key)) || sample.has('response_length'))
}

function samplesOf(value: PickleValue): readonly Sample[] {
  const isSample = (each: PickleValue): each is Sample => each instanceof Map
  if (Array.isArray(value)) return value.filter(isSample)
  if (!(value instanceof Map)) return []
  const samples = value.get('samples')
  if (Array.isArray(samples)) return samples.filter(isSample)
  const key = expertKeys.find((each) => Array.isArray(value.get(each)))
  const [column, tokens] = [key === undefined ? undefined : value.get(key), value.get('tokens')]
  if (key === undefined || !Array.isArray(column) || !Array.isArray(tokens) || tokens.length !== column.length)
    return []
  return column.map(
    (experts, i) =>
      new Map<PickleValue, PickleValue>([
        [key, experts],
        ['tokens', tokens[i] ?? null]
      ])
  )
}

interface Sequence {
  readonly ids: FiledTensor
  readonly tokenIds: readonly number[] | undefined
}

/** Undefined for a sample without experts. Rejects with a `FormatError` that names the sample. */
async function sequenceOf(file: TorchFile, sample: Sample, place: string): Promise<Sequence | undefined> {
  const key = expertKeys.find((each) => (sample.get(each) ?? null) !== null)
  if (key === undefined) return undefined
  const experts = sample.get(key) ?? null
  const name = `${place}.${key}`
  const { tensors } = await arraysOfPickle({ ...file, value: experts }, name)
  const [ids, ...others] = tensors
  if (!ids || others.length > 0 || isFloat(ids.dtype) || ids.shape.length !== 3) {
    const found = ids ? `${ids.dtype} of shape [${ids.shape.join(', ')}]` : typeof experts
    throw new FormatError(`${name}: expected integers [tokens, layers, top_k], found ${found}`)
  }
  const tokens = sample.get('tokens')
  const count = ids.shape[0] ?? 0
  const known = Array.isArray(tokens) && tokens.every((id): id is number => Number.isInteger(id))
  const fits = known && (tokens.length === count || tokens.length === count + 1)
  return { ids: { ...ids, name }, tokenIds: fits ? tokens.slice(0, count) : undefined }
}
