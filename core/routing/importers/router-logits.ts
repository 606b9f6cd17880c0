/**
 * Router logits as Hugging Face transformers gives them (`outputs.router_logits`, a tuple with one `[tokens, experts]`
 * tensor for each MoE layer) and its users save them: one array for each layer, with a batch axis or without, of one pass
 * of the model or of several, or all stacked as `[layers, tokens, experts]`, in .npy, .npz, safetensors, .pt or JSON.
 * Experts and weights are computed as rows are read.
 * https://github.com/huggingface/transformers/blob/main/src/transformers/models/mixtral/modeling_mixtral.py
 */
import { type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { elementCount, float32Of, integersOf, isFloat } from '../../formats/tensor-data'
import type { RoutingRows, Trace } from '../trace'
import { wholeSequence } from '../trace-file'
import { areWeights, areWeightsOf } from './array-kinds'
import { inOrderOfNumbers, layerInName, shortName } from './array-names'
import { chooseExperts, type GateKind, gateKinds } from './choose-experts'
import {
  AnswerError,
  type Answers,
  type Asked,
  answerOf,
  type Importer,
  type Question,
  type Readable,
  type Sniffed
} from './importer'
import { checkCount, mostExperts, mostLayers, mostTopK } from './limits'
import {
  type AxisOrder,
  areProbabilities,
  axisOrders,
  isLayerOpen,
  layerPlanes,
  logarithmsOf,
  type Planes,
  stackedPlanes
} from './logit-planes'

export const routerLogits: Importer = {
  format: 'router-logits',
  label: 'router logits (Hugging Face transformers)',
  detect: ({ content }) => {
    if (content.kind !== 'arrays' || content.metadata.format?.startsWith('moescope.')) return 'no'
    const floats = logitsOf(content)
    if (floats.length === 0) return 'no'
    const named = floats.every(isNamed)
    const alike = floats.every(({ shape }) => shape.join() === floats[0]?.shape.join())
    // A checkpoint of a model is safetensors with floats, too.
    return named || (alike && content.container !== 'safetensors') ? 'certain' : 'possible'
  },
  read: (file) => readRouterLogits(file)
}

/**
 * Reads the logits of arrays, and says what is left to ask. Rejects with a `FormatError` that names the array.
 *
 * @param notes about the file that the arrays are of
 */
export async function readRouterLogits({ source, content }: Sniffed, notes: readonly string[] = []): Promise<Readable> {
  if (content.kind !== 'arrays') throw new FormatError('expected arrays')
  const { tensors, metadata } = content
  const found = logitsOf(content)
  // Of several, each of a text or layer.
  const logits = found.length > 1 && found.every(({ shape }) => shape[0] === 1) ? found.map(withoutBatchOfOne) : found
  const [first] = logits
  if (!first) throw new FormatError('no array of floats')
  const experts = first.shape.at(-1) ?? 0
  checkCount(experts, mostExperts, `'${shortName(first.name)}': experts (the last axis)`)
  checkCount(logits.length, mostArrays, 'arrays of logits')
  const axes = axesOf(logits)
  // Certain faults are found before anything is asked.
  if (!axes.question) planesAs(logits, axes.told)
  const questions = questionsOf(axes.question, experts, metadata)
  const { preview, probabilities } = await previewOf(first, experts)
  const asked = { questions, preview }
  return {
    ...asked,
    open: async (answers) => {
      const planesFound = axes.question ? answeredPlanes(logits, answers, asked) : planesAs(logits, axes.told)
      checkCount(planesFound.layers.length, mostLayers, 'layers')
      const noted = { ...planesFound, notes: [...notes, ...planesFound.notes] }
      const planes = probabilities ? logarithmsOf(noted) : noted
      const inputs = await inputIdsOf(tensors, planes)
      return traceOf(source.name, metadata.model ?? '', planes, inputs, answers, asked)
    }
  }
}

/** Layers of many passes. */
const mostArrays = 2 ** 20

/** Floats that may be logits: those that are called so, or all where none are. */
function logitsOf({ tensors, kinds }: Pick<ArrayContent, 'tensors' | 'kinds'>): FiledTensor[] {
  const floats = tensors.filter(
    (tensor) =>
      isFloat(tensor.dtype) &&
      tensor.shape.length >= 2 &&
      !areWeights(tensor) &&
      kinds.get(tensor) !== 'counts' &&
      !tensors.some((ids) => kinds.get(ids) === 'experts' && areWeightsOf(tensor, ids))
  )
  const named = floats.filter(isNamed)
  return named.length > 0 ? named : floats
}

type ArrayContent = Extract<Sniffed['content'], { kind: 'arrays' }>

function isNamed({ name }: FiledTensor): boolean {
  return /router|gate|logits/i.test(shortName(name))
}

type ArrayOrder = AxisOrder | 'layers-passes' | 'passes-layers'

/** The axes of arrays, where they tell them, and the question where they do not. */
interface Axes {
  readonly told: ArrayOrder
  readonly question?: Question
}

function axesOf(logits: readonly FiledTensor[]): Axes {
  const [first, ...others] = logits
  const shape = first?.shape ?? []
  const question = (choices: readonly ArrayOrder[], proposal: ArrayOrder, needed: boolean, label?: string): Axes => ({
    told: proposal,
    question: {
      id: 'axes',
      label: label ?? `what the axes of [${shape.join(', ')}] are`,
      kind: 'choice',
      proposal,
      choices,
      needed
    }
  })
  if (shape.length === 4) {
    const [batch, a = 0, b = 0] = shape
    if (batch !== 1) return { told: 'layers-batch-tokens-experts' }
    // A batch of one, or one layer.
    const proposal = first && layerInName(first.name) !== undefined ? axisOrders[3] : axisOrders[a <= b ? 0 : 1]
    return question(axisOrders, proposal, a > b)
  }
  if (isLayerOpen(logits)) {
    const label = `what the numbers in names like '${shortName(first?.name ?? '')}' are`
    return question(['passes-layers', 'layers-passes'], 'passes-layers', true, label)
  }
  if (shape.length !== 3) return { told: 'batch-tokens-experts' }
  const [a = 0, b = 0] = shape
  // Texts have more tokens than models have layers; where they seem not to, only the user knows.
  if (others.length === 0) return question(axisOrders.slice(0, 3), a <= b ? axisOrders[0] : axisOrders[1], a > b)
  if (others.some((each) => each.shape[0] === a && each.shape[1] !== b)) return { told: 'layers-tokens-experts' }
  if (others.some((each) => each.shape[0] !== a && each.shape[1] === b)) return { told: 'tokens-layers-experts' }
  const named = logits.every(({ name }) => /layer/i.test(shortName(name)))
  if (a === 1 || named) return { told: 'batch-tokens-experts' }
  return question(
    ['batch-tokens-experts', 'layers-tokens-experts', 'tokens-layers-experts'],
    'batch-tokens-experts',
    true
  )
}

/** `[1, a, b, experts]` as `[a, b, experts]`. */
function withoutBatchOfOne(tensor: FiledTensor): FiledTensor {
  const { shape } = tensor
  return shape.length === 4 && shape[0] === 1 ? { ...tensor, shape: shape.slice(1) } : tensor
}

function planesAs(all: readonly FiledTensor[], order: ArrayOrder): Planes {
  const logits = order === 'layers-batch-tokens-experts' ? all : all.map(withoutBatchOfOne)
  if (order === 'batch-tokens-experts' || order === 'passes-layers') return layerPlanes(logits)
  if (order === 'layers-passes') return layerPlanes(logits, true)
  return stackedPlanes(
    inOrderOfNumbers(logits).map(({ item }) => item),
    order
  )
}

function questionsOf(
  axes: Question | undefined,
  experts: number,
  metadata: Readonly<Record<string, string>>
): Question[] {
  const told = Number(metadata.top_k)
  const known = Number.isInteger(told) && told >= 1 && told <= Math.min(experts, mostTopK)
  const topK: Question = {
    id: 'top-k',
    label: 'experts that each token is sent to (num_experts_per_tok)',
    kind: 'count',
    proposal: known ? told : undefined,
    needed: !known
  }
  const gates: Question = {
    id: 'gates',
    label: 'weights of the chosen experts: renormalised to a sum of 1 (norm_topk_prob), or as softmax gives them',
    kind: 'choice',
    proposal: gateKinds.find((kind) => kind === metadata.gates) ?? 'renormalised',
    choices: gateKinds,
    needed: false
  }
  return axes ? [topK, gates, axes] : [topK, gates]
}

const previewRows = 4
const previewExperts = 8

interface Preview {
  readonly preview: string
  /** True where the first rows are no logits, but their softmax. */
  readonly probabilities: boolean
}

async function previewOf(tensor: FiledTensor, experts: number): Promise<Preview> {
  // The first of the planes.
  const leading = tensor.shape.slice(0, -2).map(() => '[0]')
  const plane = { ...tensor, name: `${tensor.name}${leading.join('')}`, shape: tensor.shape.slice(-2) }
  if (elementCount(tensor.shape) === 0) return { preview: 'no tokens', probabilities: false }
  const rows = Math.min(previewRows, plane.shape[0] ?? 0)
  const values = float32Of(await tensorRows(plane, 0, rows), plane.name)
  const lines = Array.from({ length: rows }, (_, row) => {
    const shown = values.subarray(row * experts, row * experts + Math.min(experts, previewExperts))
    return [...Array.from(shown, (value) => value.toFixed(3)), ...(experts > previewExperts ? ['...'] : [])].join('  ')
  })
  const preview = `'${shortName(plane.name)}', logits of the first experts:\n${lines.join('\n')}`
  return { preview, probabilities: areProbabilities(values, experts) }
}

function answeredPlanes(logits: readonly FiledTensor[], answers: Answers, asked: Asked): Planes {
  const { value, given } = answerOf('axes', answers, asked)
  const planes = planesAs(logits, value as ArrayOrder)
  if (given) return planes
  const batch = logits[0]?.shape.length === 4 && value !== 'layers-batch-tokens-experts' ? 'a batch of one, ' : ''
  const name = shortName(logits[0]?.name ?? '')
  const note = `The axes of '${name}' are taken as ${batch}${String(value).replaceAll('-', ', ')}.`
  return { ...planes, notes: [...planes.notes, note] }
}

interface Inputs {
  readonly tokenIds: Int32Array | undefined
  readonly sequenceStarts: Uint32Array
  readonly notes: readonly string[]
}

/**
 * `input_ids`, `[tokens]` or `[batch, tokens of each]`, where they are saved beside the logits; several follow each other.
 */
async function inputIdsOf(tensors: readonly FiledTensor[], { tokenCount, starts }: Planes): Promise<Inputs> {
  const ids = tensors.filter(
    ({ name, dtype, shape }) => /^input_ids(\.\d+)?$/.test(shortName(name)) && !isFloat(dtype) && shape.length > 0
  )
  const sequenceStarts = starts ? Uint32Array.from(starts) : wholeSequence(tokenCount)
  const [first] = ids
  if (!first) {
    const assumed = starts ? '.' : ', and all are taken as one text.'
    const note = `The file has no 'input_ids': tokens are known by their places only${assumed}`
    return { tokenIds: undefined, sequenceStarts, notes: [note] }
  }
  const found: number[] = []
  const rows: number[] = []
  for (const { item } of inOrderOfNumbers(ids)) {
    const [count = 0, length = 1, ...more] = item.shape
    if (more.length > 0 || found.length + count * length > tokenCount) throw contradicted(item, tokenCount)
    for (let row = 0; row < (item.shape.length > 1 ? count : 1); row++) rows.push(found.length + row * length)
    const values = integersOf(await tensorRows(item, 0, count), 'input_ids')
    for (let i = 0; i < values.length; i++) found.push(values[i] ?? 0)
  }
  if (found.length !== tokenCount) throw contradicted(first, tokenCount)
  const inRows = first.shape.length > 1 && tokenCount > 0 && !starts
  return {
    tokenIds: Int32Array.from(found),
    sequenceStarts: inRows ? Uint32Array.from(rows) : sequenceStarts,
    notes: []
  }
}

function contradicted({ shape }: FiledTensor, tokenCount: number): FormatError {
  return new FormatError(
    `'input_ids': shape [${shape.join(', ')}] contradicts the logits, which have ${tokenCount} tokens`
  )
}

function traceOf(
  source: string,
  model: string,
  { layers, tokenCount, experts, read, notes }: Planes,
  inputs: Inputs,
  answers: Answers,
  asked: Asked
): Trace {
  const topK = Number(answerOf('top-k', answers, asked).value)
  if (topK > Math.min(experts, mostTopK)) {
    throw new AnswerError(`top-k: expected at most ${experts}, the experts of the file, found ${topK}`, asked)
  }
  const gates = answerOf('gates', answers, asked)
  const kind = gates.value as GateKind
  const rows = async (from: number, to: number): Promise<RoutingRows> => {
    const logits = await read(from, to)
    checkNumbers(logits, from, layers, experts)
    const { ids, weights } = chooseExperts(logits, experts, topK, kind)
    return { from, to, expertIds: ids, expertWeights: weights, routerLogits: logits }
  }
  return {
    kind: 'trace',
    model,
    source,
    layers,
    experts,
    topK,
    tokenCount,
    tokenIds: inputs.tokenIds,
    tokens: undefined,
    domains: [],
    domainIds: undefined,
    sequenceStarts: inputs.sequenceStarts,
    notes: [
      ...notes,
      ...inputs.notes,
      `Experts are the ${topK} with the highest logits, their weights ${weightsInWords[kind]}` +
        (gates.given ? '.' : ': that is assumed.')
    ],
    has: new Set(['expertWeights', 'routerLogits']),
    rows: async (from, to, columns = []) => {
      const { expertWeights, routerLogits, ...rest } = await rows(from, to)
      return {
        ...rest,
        ...(columns.includes('expertWeights') && { expertWeights }),
        ...(columns.includes('routerLogits') && { routerLogits })
      }
    }
  }
}

/** Minus infinity is how a mask excludes an expert. */
function checkNumbers(logits: Float32Array, from: number, layers: readonly number[], experts: number): void {
  for (let i = 0; i < logits.length; i++) {
    if ((logits[i] ?? 0) < Number.POSITIVE_INFINITY) continue
    const row = Math.floor(i / experts)
    throw new FormatError(
      `router logits of token ${from + Math.floor(row / layers.length)}, layer ${layers[row % layers.length]}, ` +
        `expert ${i % experts}: expected a number, found ${logits[i]}`
    )
  }
}

const weightsInWords: Readonly<Record<GateKind, string>> = {
  renormalised: 'those of the softmax over all experts, divided by their sum',
  softmax: 'those of the softmax over all experts'
}
