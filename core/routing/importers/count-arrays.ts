/**
 * Counts of the choices of each expert, as arrays: `[layers, experts]`, what load balancers take (`weight` of DeepSeek's
 * EPLB), or `[steps, layers, experts]`; of .npy, .npz, torch and safetensors, as integers or floats, or as JSON, alone
 * or as `logical_count`, which SGLang takes (`--init-expert-location`).
 * https://github.com/deepseek-ai/EPLB
 */
import { FormatError } from '../../formats/format-error'
import { shortName } from './array-names'
import { readCounts } from './count-values'
import type { Importer } from './importer'

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
    return readCounts(
      found.map((tensor) => ({ ...tensor, name: `'${shortName(tensor.name)}'` })),
      source.name
    )
  }
}
