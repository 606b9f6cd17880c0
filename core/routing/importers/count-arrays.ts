/**
 * Counts of the choices of each expert, as arrays: `[layers, experts]`, what load balancers take (`weight` of DeepSeek's
 * EPLB), `[steps, layers, experts]`, or `[experts]` for each layer; of .npy, .npz, torch and safetensors, as integers or
 * floats, or as JSON, alone or as `logical_count`, which SGLang takes (`--init-expert-location`).
 * https://github.com/deepseek-ai/EPLB
 */
import { type FiledTensor, wholeTensor } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { float64Of, integersOf, isFloat } from '../../formats/tensor-data'
import { inOrderOfNumbers, shortName } from './array-names'
import { checkCounts, checkSizes, readableCounts, readCounts } from './count-values'
import type { Importer, Readable } from './importer'

export const countArrays: Importer = {
  format: 'count-arrays',
  label: 'counts of experts (arrays or JSON of [layers, experts])',
  detect: ({ content }) => {
    if (content.kind !== 'arrays') return 'no'
    const kinds = [...content.kinds.values()]
    if (kinds.includes('counts')) return 'certain'
    return kinds.includes('either') ? 'possible' : 'no'
  },
  read: async ({ source, content }) => {
    if (content.kind !== 'arrays') throw new FormatError('expected arrays')
    const { tensors, kinds } = content
    const counts = tensors.filter((tensor) => kinds.get(tensor) === 'counts')
    const either = tensors.filter((tensor) => kinds.get(tensor) === 'either')
    const found = [counts, either, tensors].find((each) => each.length > 0) ?? []
    if (found.every(({ shape }) => shape.length === 1)) return readVectors(found, source.name)
    return readCounts(
      found.map((tensor) => ({ ...tensor, name: `'${shortName(tensor.name)}'` })),
      source.name
    )
  }
}

/** Of one vector for each layer. */
async function readVectors(tensors: readonly FiledTensor[], source: string): Promise<Readable> {
  const ordered = inOrderOfNumbers(tensors)
  const rows: ArrayLike<number>[] = []
  for (const { item } of ordered) {
    const { data, ...form } = await wholeTensor(item)
    rows.push(isFloat(form.dtype) ? float64Of({ ...form, data }, item.name) : integersOf({ ...form, data }, item.name))
  }
  const experts = rows[0]?.length ?? 0
  const sizes = { steps: 1, layers: rows.length, experts }
  checkSizes(`'${shortName(tensors[0]?.name ?? '')}'`, sizes)
  const counts = rows.flatMap((row) => Array.from(row))
  checkCounts(counts, (at) => `'${shortName(ordered[Math.floor(at / experts)]?.item.name ?? '')}'[${at % experts}]`)
  const numbers = ordered.map(({ number }) => number)
  return readableCounts(counts, sizes, source, [], numbers)
}
