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
import { inOrderOfNumbers, shortName } from './array-names'
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
  const preview = await previewOf(first, experts)
  const asked = { questions, preview }
  return {
    ...asked,
    open: async (answers) => {
      const planes = stacked ? stackedPlanes(first, answers, asked) : layerPlanes(logits)
      const inputs = await inputIdsOf(tensors, planes.tokenCount)
      return traceOf(source.name, metadata.model ?? '', planes, inputs, answers, asked)
    }
  }
}

function logitsOf(tensors: readonly FiledTensor[]): FiledTensor[] {
  return tensors.filter(({ dtype, shape }) => isFloat(dtype) && shape.length >= 2)
}

function checkAlike(logits: readonly FiledTensor[]): void {
  const [first] = logits
  for (const { name, shape } of logits) {
    if (shape.length !== 2) {
      throw new FormatError(
        `'${shortName(name)}': expected the axes [tokens, experts], or [layers, tokens, experts] in a single array, ` +
          `found shape [${shape.join(', ')}]`
      )
    }
    if (first && shape.join() !== first.shape.join()) {
      throw new FormatError(
        `'${shortName(name)}': shape [${shape.join(', ')}] contradicts '${shortName(first.name)}', which has ` +
          `[${first.shape.join(', ')}]`
      )
    }
  }
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

async function previewOf(tensor: FiledTensor, experts: number): Promise<string> {
  const [plane] =
    tensor.shape.length === 3
      ? alongFirstAxis({ ...tensor, shape: [Math.min(1, tensor.shape[0] ?? 0), ...tensor.shape.slice(1)] })
      : [tensor]
  const rows = Math.min(previewRows, plane?.shape[0] ?? 0)
  if (!plane || rows === 0) return 'no tokens'
  const values = float32Of(await tensorRows(plane, 0, rows), plane.name)
  const lines = Array.from({ length: rows }, (_, row) => {
    const shown = values.subarray(row * experts, row * experts + Math.min(experts, previewExperts))
    return [...Array.from(shown, (value) => value.toFixed(3)), ...(experts > previewExperts ? ['...'] : [])].join('  ')
  })
  return `'${shortName(plane.name)}', logits of the first experts:\n${lines.join('\n')}`
}

/** The logits of all layers, wherever they lie. */
interface Planes {
  readonly layers: readonly number[]
  readonly tokenCount: number
  readonly experts: number
  /** `[tokens, layers, experts]` */
  read(from: number, to: number): Promise<Float32Array>
  readonly notes: readonly string[]
}

function stackedPlanes(tensor: FiledTensor, answers: Answers, asked: Asked): Planes {
  const { value, given } = answerOf('axes', answers, asked)
  const [a = 0, b = 0, experts = 0] = tensor.shape
  const layersFirst = value === axisOrders[0]
  const [layerCount, tokenCount] = layersFirst ? [a, b] : [b, a]
  checkCount(layerCount, mostLayers, `'${shortName(tensor.name)}': layers`)
  const layers = Array.from({ length: layerCount }, (_, layer) => layer)
  const notes = [
    layersUnknown,
    ...(given ? [] : [`The axes of '${shortName(tensor.name)}' are taken as ${String(value).replaceAll('-', ', ')}.`])
  ]
  return layersFirst
    ? { layers, tokenCount, experts, read: readLayers(alongFirstAxis(tensor), experts), notes }
    : {
        layers,
        tokenCount,
        experts,
        read: async (from, to) => float32Of(await tensorRows(tensor, from, to), tensor.name),
        notes
      }
}

const layersUnknown = 'The file does not say which layers of the model these are: MoE layers are counted from 0.'

function layerPlanes(logits: readonly FiledTensor[]): Planes {
  const ordered = inOrderOfNumbers(logits)
  const [tokenCount = 0, experts = 0] = logits[0]?.shape ?? []
  const places = ordered.map(({ number }) => number)
  // Numbers of arrays that NumPy named itself say nothing of the model.
  const named = ordered.every(({ item }) => /layer/i.test(shortName(item.name)))
  const layers = named && places.every((place) => place < mostLayers) ? places : places.map((_, i) => i)
  const read = readLayers(
    ordered.map(({ item }) => item),
    experts
  )
  return { layers, tokenCount, experts, read, notes: named ? [] : [layersUnknown] }
}

function readLayers(layers: readonly FiledTensor[], experts: number) {
  return async (from: number, to: number): Promise<Float32Array> => {
    const found = new Float32Array((to - from) * layers.length * experts)
    for (const [layer, tensor] of layers.entries()) {
      const values = float32Of(await tensorRows(tensor, from, to), tensor.name)
      for (let token = 0; token < to - from; token++) {
        found.set(values.subarray(token * experts, (token + 1) * experts), (token * layers.length + layer) * experts)
      }
    }
    return found
  }
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
    const wrong = logits.findIndex((logit) => Number.isNaN(logit) || logit === Number.POSITIVE_INFINITY)
    if (wrong >= 0) {
      const place = Math.floor(wrong / experts)
      throw new FormatError(
        `router logits of token ${from + Math.floor(place / layers.length)}, layer ${layers[place % layers.length]}, ` +
          `expert ${wrong % experts}: expected a number, found ${logits[wrong]}`
      )
    }
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

const weightsInWords: Readonly<Record<GateKind, string>> = {
  renormalised: 'those of the softmax over all experts, divided by their sum',
  softmax: 'those of the softmax over all experts'
}
