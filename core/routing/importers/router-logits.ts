/**
 * Router logits as Hugging Face transformers gives them (`outputs.router_logits`, a tuple with one `[tokens, experts]`
 * tensor for each MoE layer) and its users save them: one array for each layer, or all stacked as `[layers, tokens,
 * experts]`, in .npy, .npz or safetensors. Experts and weights are computed as rows are read.
 * https://github.com/huggingface/transformers/blob/main/src/transformers/models/mixtral/modeling_mixtral.py
 */
import { alongFirstAxis, type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { float32Of, integersOf, isFloat } from '../../formats/tensor-data'
import type { RoutingRows, Trace } from '../trace'
import { wholeSequence } from '../trace-file'
import { shortName } from './array-names'
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
import { areProbabilities, checkAlike, layerPlanes, logarithmsOf, type Planes, stackedPlanes } from './logit-planes'

export const routerLogits: Importer = {
  format: 'router-logits',
  label: 'router logits (Hugging Face transformers)',
  detect: ({ content }) => {
    if (content.kind !== 'arrays' || content.metadata.format?.startsWith('moescope.')) return 'no'
    const floats = logitsOf(content.tensors)
    if (floats.length === 0) return 'no'
    const named = floats.every(({ name }) => /router|gate|logits/i.test(name))
    const alike = floats.every(({ shape }) => shape.join() === floats[0]?.shape.join())
    // A checkpoint of a model is safetensors with floats, too.
    return named || (alike && content.container !== 'safetensors') ? 'certain' : 'possible'
  },
  read: readRouterLogits
}

async function readRouterLogits({ source, content }: Sniffed): Promise<Readable> {
  if (content.kind !== 'arrays') throw new FormatError('expected arrays')
  const { tensors, metadata } = content
  const logits = logitsOf(tensors)
  const [first] = logits
  if (!first) throw new FormatError('no array of floats')
  const stacked = logits.length === 1 && first.shape.length === 3
  if (!stacked) checkAlike(logits)
  const experts = first.shape.at(-1) ?? 0
  checkCount(experts, mostExperts, `'${shortName(first.name)}': experts (the last axis)`)
  checkCount(stacked ? 1 : logits.length, mostLayers, 'layers')
  const questions = questionsOf(first, stacked, experts, metadata)
  const { preview, probabilities } = await previewOf(first, experts)
  const asked = { questions, preview }
  return {
    ...asked,
    open: async (answers) => {
      const found = stacked ? stackedAs(first, answers, asked) : layerPlanes(logits)
      const planes = probabilities ? logarithmsOf(found) : found
      const inputs = await inputIdsOf(tensors, planes.tokenCount)
      return traceOf(source.name, metadata.model ?? '', planes, inputs, answers, asked)
    }
  }
}

function logitsOf(tensors: readonly FiledTensor[]): FiledTensor[] {
  return tensors.filter(({ dtype, shape }) => isFloat(dtype) && shape.length >= 2)
}

const axisOrders = ['layers-tokens-experts', 'tokens-layers-experts'] as const

function questionsOf(
  { shape }: FiledTensor,
  stacked: boolean,
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
  if (!stacked) return [topK, gates]
  const [a = 0, b = 0] = shape
  const axes: Question = {
    id: 'axes',
    label: `what the axes of [${shape.join(', ')}] are`,
    kind: 'choice',
    proposal: a <= b ? axisOrders[0] : axisOrders[1],
    choices: axisOrders,
    // Texts have more tokens than models have layers; where they seem not to, only the user knows.
    needed: a > b
  }
  return [topK, gates, axes]
}

const previewRows = 4
const previewExperts = 8

interface Preview {
  readonly preview: string
  /** Whether the first rows are no logits, but what a softmax made of them. */
  readonly probabilities: boolean
}

async function previewOf(tensor: FiledTensor, experts: number): Promise<Preview> {
  const [plane] =
    tensor.shape.length === 3
      ? alongFirstAxis({ ...tensor, shape: [Math.min(1, tensor.shape[0] ?? 0), ...tensor.shape.slice(1)] })
      : [tensor]
  const rows = Math.min(previewRows, plane?.shape[0] ?? 0)
  if (!plane || rows === 0) return { preview: 'no tokens', probabilities: false }
  const values = float32Of(await tensorRows(plane, 0, rows), plane.name)
  const lines = Array.from({ length: rows }, (_, row) => {
    const shown = values.subarray(row * experts, row * experts + Math.min(experts, previewExperts))
    return [...Array.from(shown, (value) => value.toFixed(3)), ...(experts > previewExperts ? ['...'] : [])].join('  ')
  })
  const preview = `'${shortName(plane.name)}', logits of the first experts:\n${lines.join('\n')}`
  return { preview, probabilities: areProbabilities(values, experts) }
}

function stackedAs(tensor: FiledTensor, answers: Answers, asked: Asked): Planes {
  const { value, given } = answerOf('axes', answers, asked)
  const planes = stackedPlanes(tensor, value === axisOrders[0])
  if (given) return planes
  const note = `The axes of '${shortName(tensor.name)}' are taken as ${String(value).replaceAll('-', ', ')}.`
  return { ...planes, notes: [...planes.notes, note] }
}

interface Inputs {
  readonly tokenIds: Int32Array | undefined
  readonly sequenceStarts: Uint32Array
  readonly notes: readonly string[]
}

/** `input_ids`, `[tokens]` or `[batch, tokens of each]`, where they are saved beside the logits. */
async function inputIdsOf(tensors: readonly FiledTensor[], tokenCount: number): Promise<Inputs> {
  const ids = tensors.find(
    ({ name, dtype, shape }) => shortName(name) === 'input_ids' && !isFloat(dtype) && shape.length > 0
  )
  if (!ids) {
    const note = "The file has no 'input_ids': tokens are known by their places only, and all are taken as one text."
    return { tokenIds: undefined, sequenceStarts: wholeSequence(tokenCount), notes: [note] }
  }
  const [rows = 0, length = 1, ...more] = ids.shape
  if (more.length > 0 || rows * length !== tokenCount) {
    throw new FormatError(
      `'input_ids': shape [${ids.shape.join(', ')}] contradicts the logits, which have ${tokenCount} tokens`
    )
  }
  const tokenIds = Int32Array.from(integersOf(await tensorRows(ids, 0, rows), 'input_ids'))
  if (ids.shape.length === 1 || tokenCount === 0) {
    return { tokenIds, sequenceStarts: wholeSequence(tokenCount), notes: [] }
  }
  return { tokenIds, sequenceStarts: Uint32Array.from({ length: rows }, (_, row) => row * length), notes: [] }
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
