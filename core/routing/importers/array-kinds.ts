/** Tells chosen experts from counts in arrays without a word about their axes, by shapes, names and first values. */
import { type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { dtypeBytes, elementCount, float32Of, integersOf, isFloat } from '../../formats/tensor-data'
import { shortName } from './array-names'

/**
 * `experts`: ids of chosen experts, a row of k for each token and layer. `counts`: how often each expert was chosen.
 * `either`: integers that may be both. `other`: floats that are no counts, text, and what is of the tokens.
 */
export type ArrayKind = 'experts' | 'counts' | 'either' | 'other'

/** Bytes of an array that are looked at. */
const peekedBytes = 64 * 1024
/** Layers of a model, at most: its arrays of counts have no more rows. */
export const mostModelLayers = 128
/** Tokens of a text that somebody would record, at least. */
export const leastTokens = 16
const mostLikelyTopK = 32
/** No model has experts of higher ids. */
const mostLikelyExperts = 1024

/** True where an array is a weight of a model, by its name. */
export function areWeights({ name }: FiledTensor): boolean {
  return /\.(weight|bias|qweight|qzeros|scales|g_idx|e_score_correction_bias)$/.test(name)
}

/** True where floats are the weights of chosen experts in an array beside them: both have the same axes. */
export function areWeightsOf(floats: FiledTensor, ids: FiledTensor): boolean {
  return (
    isFloat(floats.dtype) &&
    !isFloat(ids.dtype) &&
    ids.shape.length >= 2 &&
    ids.shape.length <= 3 &&
    (ids.shape.at(-1) ?? 0) <= mostLikelyTopK &&
    floats.shape.join() === ids.shape.join()
  )
}

/** True where an array says on which places experts lie, by its name: what a load balancer answers. */
export function isPlaceMap({ name }: FiledTensor): boolean {
  return /physical_to_logical|logical_to_(all_)?physical|phy2log|log2phy|logcnt|replica_count/i.test(shortName(name))
}

/** Rejects with a `FormatError` where the file ends too early, and for ids that are floats. */
export async function arrayKind(tensor: FiledTensor): Promise<ArrayKind> {
  const { dtype, shape } = tensor
  const name = shortName(tensor.name)
  if (shape.length < 2 || shape.length > 3 || dtype === 'BOOL' || elementCount(shape) === 0) {
    return shape.length === 3 && !isFloat(dtype) && dtype !== 'BOOL' ? 'experts' : 'other'
  }
  if (isPlaceMap(tensor)) return 'other'
  if (/(^|[._])(input|token|prompt|position|attention|label|seq)[a-z]*(_ids?|s|_mask)?$/i.test(name)) return 'other'
  const width = shape.at(-1) ?? 1
  const rows = await firstRows(tensor, width)
  const named = countWords.test(name)
  if (isFloat(dtype)) {
    if (/logit|router|gate|prob/i.test(name)) return 'other'
    if (named && rows.every((value) => value >= 0)) return 'counts'
    if (!areCounts(rows)) return 'other'
    if (looksLikeIds(rows, shape)) {
      throw new FormatError(
        `'${name}': whole numbers of which none comes twice in a row, as floats [${shape.join(', ')}]: expected ids of ` +
          'experts as integers, or counts whose name says so; save array.astype(np.int32), or counts=array'
      )
    }
    return 'counts'
  }
  if (rows.some((value) => value < 0) || /routed_experts|expert_(ids|ind)|top_?k|selected_experts|top_ind/i.test(name))
    return 'experts'
  if (repeats(rows, width) || rows.some((value) => value >= mostLikelyExperts && width > 1)) return 'counts'
  if (named) return 'counts'
  if (shape.length === 3) return 'experts'
  const [length = 0] = shape
  if (width > mostLikelyTopK || (length < leastTokens && width > 2)) return 'counts'
  return length > mostModelLayers || width <= 2 ? 'experts' : 'either'
}

/**
 * True for one vector for each layer that counts how often its experts were chosen: whole numbers, as many in each, which
 * the names call counts, or of which one is higher than the ids of so few tokens could be.
 */
export async function areCountVectors(tensors: readonly FiledTensor[]): Promise<boolean> {
  const [first] = tensors
  const [width = 0, ...others] = first?.shape ?? []
  const isAlike = ({ shape, dtype }: FiledTensor) => shape.length === 1 && shape[0] === width && dtype !== 'BOOL'
  if (tensors.length < 2 || others.length > 0 || width < 2 || width > mostLikelyExperts) return false
  if (tensors.length > mostModelLayers || !tensors.every(isAlike)) return false
  const rows: number[] = []
  for (const tensor of tensors) rows.push(...(await firstRows(tensor, width)))
  const named = tensors.every(({ name }) => countWords.test(shortName(name)))
  const tokens = tensors.some(({ name }) => /token|input|mask|label/i.test(shortName(name)) && !countWords.test(name))
  return !tokens && areCounts(rows) && (named || rows.some((value) => value >= width))
}

const countWords = /count|load|freq|histogram|eplb|per_expert|usage/i

/** Rows along the last axis from the beginning. */
async function firstRows(tensor: FiledTensor, width: number): Promise<readonly number[]> {
  const count = elementCount(tensor.shape) / width
  const most = Math.max(1, Math.floor(peekedBytes / dtypeBytes[tensor.dtype] / width))
  const flat = { ...tensor, shape: [count, width] }
  const found = await tensorRows(flat, 0, Math.min(count, most))
  return Array.from(isFloat(tensor.dtype) ? float32Of(found, tensor.name) : integersOf(found, tensor.name))
}

/** Whole numbers of which some are more than 1: neither logits nor probabilities. */
function areCounts(values: readonly number[]): boolean {
  return values.every((value) => Number.isInteger(value) && value >= 0) && values.some((value) => value > 1)
}

/** True for rows of three axes that are as short and as different as those of chosen experts are. */
function looksLikeIds(values: readonly number[], shape: readonly number[]): boolean {
  const width = shape.at(-1) ?? 1
  if (shape.length !== 3 || width > mostLikelyTopK || values.length < leastTokens * width) return false
  return !repeats(values, width) && values.every((value) => value < mostLikelyExperts)
}

/** True where an id comes twice in a row, which is not all zeros: a token is sent to an expert once. */
function repeats(values: readonly number[], width: number): boolean {
  for (let begin = 0; begin + width <= values.length; begin += width) {
    const row = values.slice(begin, begin + width)
    if (new Set(row).size < width && row.some((value) => value !== 0)) return true
  }
  return false
}
