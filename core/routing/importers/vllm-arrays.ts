/**
 * Chosen experts as vLLM returns them to Python (`enable_return_routed_experts`): `routed_experts`, integers `[tokens,
 * layers, top_k]` of any width, saved as .npy, or several as .npz, safetensors or .pt, one array for each request; or as
 * other recorders save them: `[layers, tokens, top_k]`, or `[tokens, top_k]` for each layer.
 * https://docs.vllm.ai/en/latest/api/vllm/outputs
 */
import { type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { integersOf, isFloat } from '../../formats/tensor-data'
import { areWeightsOf, leastTokens, mostModelLayers } from './array-kinds'
import { inOrderOfNumbers, inOrderOfTwoNumbers, layerInName, layerNotes, type Numbered, shortName } from './array-names'
import type { ExpertIdsPart } from './expert-id-parts'
import { type ExpertIds, readExpertIds } from './expert-ids'
import { type Answers, answerOf, type Importer, type Question, type Readable, type SniffedContent } from './importer'
import { mostLayers } from './limits'
import { noTokenIds, noWeights } from './notes'

export const vllmArrays: Importer = {
  format: 'vllm-arrays',
  label: 'routed experts of vLLM (arrays)',
  detect: ({ content }) => {
    if (content.kind !== 'arrays' || content.metadata.format?.startsWith('moescope.')) return 'no'
    const kinds = content.tensors.map((tensor) => content.kinds.get(tensor))
    if (kinds.includes('experts')) return 'certain'
    const integers = content.tensors.some(({ dtype }) => !isFloat(dtype))
    return kinds.includes('either') || (integers && !kinds.includes('counts')) ? 'possible' : 'no'
  },
  read: async ({ source, content }, options) => {
    if (content.kind !== 'arrays') throw new FormatError('expected arrays')
    const experts = expertsOf(content)
    const { layers, parts } = experts
    const unread = content.tensors.some((each) => content.tensors.some((ids) => areWeightsOf(each, ids)))
    const read = async (order: AxisOrder): Promise<Readable> => {
      const ordered = parts.map((part) => ({ ...part, layersFirst: part.byLayer ? true : order === layersFirst }))
      const tokens = ordered.reduce((sum, part) => sum + tokensOf(part), 0)
      const tokenIds = await tokenIdsOf(content.tensors, tokens)
      const weighted = parts.every(({ weights }) => weights)
      const notes = [
        ...(weighted ? [] : [unread ? unreadWeights : noWeights]),
        ...(layers ? layerNotes(parts.flatMap(({ byLayer }) => byLayer ?? [])) : [layersCounted]),
        ...(tokenIds ? [] : [noTokenIds])
      ]
      const file: ExpertIds = {
        model: content.metadata.model,
        parts: ordered,
        layers,
        tokenIds,
        notes,
        zerosForDense: true
      }
      return readExpertIds(file, source.name, options)
    }
    const question = axesOf(parts, content.tensors)
    return question ? withAxes(question, read) : read(tokensFirst)
  }
}

const unreadWeights =
  'Weights of the experts are read from one array beside one array of ids only: those of this file are not.'

const layersCounted = 'The file does not say which layers of the model these are: they are counted from 0.'

const tokensFirst = 'tokens-layers-experts'
const layersFirst = 'layers-tokens-experts'
type AxisOrder = typeof tokensFirst | typeof layersFirst

interface Experts {
  readonly parts: readonly ExpertIdsPart[]
  /** Undefined where the names do not tell them. */
  readonly layers: readonly number[] | undefined
}

/** The arrays of chosen experts, as parts. Throws a `FormatError` where there is none. */
function expertsOf({ tensors, kinds }: Extract<SniffedContent, { kind: 'arrays' }>): Experts {
  const integers = tensors.filter(({ dtype }) => !isFloat(dtype) && dtype !== 'BOOL')
  const stacked = integers.filter((tensor) => tensor.shape.length === 3 && isOfExperts(kinds.get(tensor)))
  if (stacked.length > 0) {
    const ordered = inOrderOfNumbers(stacked)
    const parts = ordered.map(({ item }) => ({
      ids: { ...item, name: shortName(item.name) },
      weights: ordered.length === 1 ? tensors.find((other) => areWeightsOf(other, item)) : undefined
    }))
    return { parts, layers: undefined }
  }
  const ofLayers = integers.filter(
    (tensor) =>
      tensor.shape.length === 2 && isOfExperts(kinds.get(tensor)) && shortName(tensor.name) !== 'routed_experts'
  )
  if (ofLayers.length > 0) return layersApart(ofLayers)
  const [first] = tensors
  throw new FormatError(
    `${first ? `'${shortName(first.name)}'` : 'the file'}: expected integers of the axes [tokens, layers, top_k], found ` +
      (first ? `${first.dtype} of shape [${first.shape.join(', ')}]` : 'no array')
  )
}

function isOfExperts(kind: string | undefined): boolean {
  return kind === 'experts' || kind === 'either'
}

/** Of one array `[tokens, k]` for each layer, of one pass of the model or of several. */
function layersApart(tensors: readonly FiledTensor[]): Experts {
  const twice = inOrderOfTwoNumbers(tensors)
  if (twice?.layers) {
    const { rows, firsts, seconds, layers } = twice
    const passes = layers === 'second' ? rows : seconds.map((_, i) => rows.flatMap((row) => row[i] ?? []))
    return { parts: passes.map(partOf), layers: numbersOf(layers === 'second' ? seconds : firsts) }
  }
  const ordered = inOrderOfNumbers(tensors)
  const layers = ordered.every(({ item }) => layerInName(item.name) !== undefined)
  return {
    parts: [partOf(ordered.map(({ item }) => item))],
    layers: layers ? numbersOf(ordered.map(({ number }: Numbered<FiledTensor>) => number)) : undefined
  }
}

function numbersOf(layers: readonly number[]): readonly number[] | undefined {
  return layers.every((layer) => layer < mostLayers) ? layers : undefined
}

function partOf(byLayer: readonly FiledTensor[]): ExpertIdsPart {
  const [first] = byLayer
  if (!first) throw new FormatError('no array of experts')
  const other = byLayer.find(({ shape }) => shape.join() !== first.shape.join())
  if (other) {
    throw new FormatError(
      `'${shortName(other.name)}': shape [${other.shape.join(', ')}] contradicts '${shortName(first.name)}', which has ` +
        `[${first.shape.join(', ')}]`
    )
  }
  const ids = { ...first, name: shortName(first.name), shape: [byLayer.length, ...first.shape] }
  return { ids, layersFirst: true, byLayer }
}

function tokensOf({ ids, layersFirst: first }: ExpertIdsPart): number {
  return ids.shape[first ? 1 : 0] ?? 0
}

/** Which axis is which, where neither names nor shapes say that tokens come first. */
function axesOf(parts: readonly ExpertIdsPart[], tensors: readonly FiledTensor[]): Question | undefined {
  const [part, ...others] = parts
  if (!part || part.byLayer) return undefined
  const { name, shape } = part.ids
  const [a = 0, b = 0] = shape
  const told = toldOrder(part.ids, others, tensors)
  if (told === tokensFirst) return undefined
  // More layers than any model has, or less tokens than anybody records.
  const cannotBeLayers = a > mostModelLayers || (a > b && b < leastTokens)
  const cannotBeTokens = b > mostModelLayers && a <= mostModelLayers
  const proposal = told ?? (cannotBeTokens || (a <= b && !cannotBeLayers) ? layersFirst : tokensFirst)
  return {
    id: 'axes',
    label: `what the axes of '${name}' [${shape.join(', ')}] are`,
    kind: 'choice',
    proposal,
    choices: [tokensFirst, layersFirst],
    needed: told === undefined && !cannotBeLayers && !cannotBeTokens
  }
}

/** Axes by names, the shapes of several arrays, and the tokens beside them. */
function toldOrder(
  { name, shape }: FiledTensor,
  others: readonly ExpertIdsPart[],
  tensors: readonly FiledTensor[]
): AxisOrder | undefined {
  const [a, b] = shape
  if (/of_layer/i.test(name)) return layersFirst
  if (/routed_experts|request/i.test(name)) return tokensFirst
  if (others.some(({ ids }) => ids.shape[0] !== a && ids.shape[1] === b)) return tokensFirst
  if (others.some(({ ids }) => ids.shape[0] === a && ids.shape[1] !== b)) return layersFirst
  const length = others.length === 0 ? tensors.find(isTokenIds)?.shape[0] : undefined
  if (length === undefined || a === b) return undefined
  if (length === a) return tokensFirst
  return length === b ? layersFirst : undefined
}

async function withAxes(question: Question, read: (order: AxisOrder) => Promise<Readable>): Promise<Readable> {
  const proposed = await read(question.proposal === layersFirst ? layersFirst : tokensFirst)
  const asked = { questions: [question, ...proposed.questions], preview: proposed.preview }
  const open = async ({ axes, ...answers }: Answers) => {
    const { value, given } = answerOf('axes', axes === undefined ? {} : { axes }, asked)
    const readable =
      value === question.proposal ? proposed : await read(value === layersFirst ? layersFirst : tokensFirst)
    const routing = await readable.open(answers)
    if (given || value === tokensFirst) return routing
    return { ...routing, notes: [...routing.notes, 'The axes are taken as layers, tokens, experts.'] }
  }
  return { ...asked, open }
}

function isTokenIds({ name, shape }: FiledTensor): boolean {
  return /^(input|prompt_token|token)_ids$/.test(shortName(name)) && shape.length === 1
}

/** Of an array beside the experts with one integer for each token. */
async function tokenIdsOf(tensors: readonly FiledTensor[], tokens: number): Promise<Int32Array | undefined> {
  const ids = tensors.find(isTokenIds)
  if (!ids || ids.shape[0] !== tokens) return undefined
  return Int32Array.from(integersOf(await tensorRows(ids, 0, tokens), ids.name))
}
