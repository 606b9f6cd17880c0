/**
 * Chosen experts as vLLM returns them to Python (`enable_return_routed_experts`): `routed_experts`, integers `[tokens,
 * layers, top_k]` of any width, saved as .npy, or several as .npz or safetensors, one array for each request.
 * https://docs.vllm.ai/en/latest/api/vllm/outputs
 */
import { type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { integersOf, isFloat } from '../../formats/tensor-data'
import { inOrderOfNumbers, shortName } from './array-names'
import { readExpertIds } from './expert-ids'
import type { Importer } from './importer'
import { noTokenIds, noWeights } from './notes'

export const vllmArrays: Importer = {
  format: 'vllm-arrays',
  label: 'routed experts of vLLM (arrays)',
  detect: ({ content }) => {
    if (content.kind !== 'arrays' || content.metadata.format?.startsWith('moescope.')) return 'no'
    const integers = content.tensors.filter(({ dtype }) => !isFloat(dtype))
    if (integers.some(isExperts)) return 'certain'
    return integers.length > 0 ? 'possible' : 'no'
  },
  read: async ({ source, content }, options) => {
    if (content.kind !== 'arrays') throw new FormatError('expected arrays')
    const experts = content.tensors.filter(isExperts)
    const [first] = content.tensors
    if (experts.length === 0 && first) {
      throw new FormatError(
        `'${shortName(first.name)}': expected integers of the axes [tokens, layers, top_k], found ${first.dtype} of ` +
          `shape [${first.shape.join(', ')}]`
      )
    }
    const parts = inOrderOfNumbers(experts).map(({ item }) => ({ ids: { ...item, name: shortName(item.name) } }))
    const tokens = parts.reduce((sum, { ids }) => sum + (ids.shape[0] ?? 0), 0)
    const tokenIds = await tokenIdsOf(content.tensors, tokens)
    const notes = [noWeights, layersCounted, ...(tokenIds ? [] : [noTokenIds])]
    return readExpertIds(
      { model: content.metadata.model, parts, tokenIds, notes, zerosForDense: true },
      source.name,
      options
    )
  }
}

const layersCounted = 'The file does not say which layers of the model these are: they are counted from 0.'

function isExperts({ dtype, shape }: FiledTensor): boolean {
  return !isFloat(dtype) && dtype !== 'BOOL' && shape.length === 3
}

/** Of an array beside the experts with one integer for each token. */
async function tokenIdsOf(tensors: readonly FiledTensor[], tokens: number): Promise<Int32Array | undefined> {
  const ids = tensors.find(({ name }) => /^(input|prompt_token|token)_ids$/.test(shortName(name)))
  if (!ids || ids.shape.length !== 1 || ids.shape[0] !== tokens) return undefined
  return Int32Array.from(integersOf(await tensorRows(ids, 0, tokens), ids.name))
}
