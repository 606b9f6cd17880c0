/** Router logits of all layers as `[tokens, layers, experts]`, however their arrays lie in the file. */
import { alongFirstAxis, type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { elementCount, float32Of } from '../../formats/tensor-data'
import { inOrderOfNumbers, inOrderOfTwoNumbers, layerInName, layerNotes, shortName } from './array-names'
import { checkCount, mostLayers } from './limits'

/** The logits of a file, layer by layer. */
export interface Planes {
  readonly layers: readonly number[]
  readonly tokenCount: number
  readonly experts: number
  /** The tokens that begin a text of their own, where the file tells it. */
  readonly starts: readonly number[] | undefined
  /** `[tokens, layers, experts]` */
  read(from: number, to: number): Promise<Float32Array>
  readonly notes: readonly string[]
}

/** The logits of tokens that follow each other. */
interface LogitPart {
  readonly tokenCount: number
  /** Tokens of each text in it. */
  readonly textTokens: number
  /** `[tokens, layers, experts]` */
  read(from: number, to: number): Promise<Float32Array>
}

/** Orders of the axes of an array; each ends with the experts. */
export const axisOrders = [
  'layers-tokens-experts',
  'tokens-layers-experts',
  'batch-tokens-experts',
  'layers-batch-tokens-experts'
] as const

export type AxisOrder = (typeof axisOrders)[number]

/**
 * Of arrays of all layers, one for each text: `[layers, tokens, experts]`, `[tokens, layers, experts]` or `[layers, batch,
 * tokens, experts]`. Throws a `FormatError` for a number of layers that no model has, and where arrays contradict.
 */
export function stackedPlanes(
  tensors: readonly FiledTensor[],
  order: Exclude<AxisOrder, 'batch-tokens-experts'>
): Planes {
  const [first] = tensors
  if (!first) throw new FormatError('no array of logits')
  const layerAxis = order === 'tokens-layers-experts' ? 1 : 0
  const layerCount = first.shape[layerAxis] ?? 0
  checkCount(layerCount, mostLayers, `'${shortName(first.name)}': layers`)
  const experts = first.shape.at(-1) ?? 0
  for (const { name, shape } of tensors) {
    if (shape.length !== first.shape.length || shape[layerAxis] !== layerCount || shape.at(-1) !== experts) {
      throw contradiction(name, shape, first)
    }
  }
  const parts = tensors.map((tensor) =>
    order === 'tokens-layers-experts' ? tokensFirst(tensor) : partOf(alongFirstAxis(tensor), experts)
  )
  const layers = Array.from({ length: layerCount }, (_, layer) => layer)
  return planesOf(parts, layers, experts, [layersUnknown])
}

const layersUnknown = 'The file does not say which layers of the model these are: MoE layers are counted from 0.'

/**
 * Of one array for each layer, `[tokens, experts]` or `[batch, tokens, experts]`, of one pass of the model or of several.
 * Throws a `FormatError` when arrays contradict each other.
 * @param layersFirst of names with two numbers that do not say it, whether the first is the layer's
 */
export function layerPlanes(logits: readonly FiledTensor[], layersFirst = false): Planes {
  const { passes, numbers, named } = passesOf(logits, layersFirst)
  const experts = logits[0]?.shape.at(-1) ?? 0
  const layers = named && numbers.every((number) => number < mostLayers) ? numbers : numbers.map((_, i) => i)
  const parts = passes.map((pass) => {
    checkAlike(pass)
    return partOf(pass, experts)
  })
  return planesOf(parts, layers, experts, named ? layerNotes(logits) : [layersUnknown])
}

interface Passes {
  /** `[passes][layers]` */
  readonly passes: readonly (readonly FiledTensor[])[]
  readonly numbers: readonly number[]
  /** True where the numbers are those of the model's layers. */
  readonly named: boolean
}

function passesOf(logits: readonly FiledTensor[], layersFirst: boolean): Passes {
  const twice = inOrderOfTwoNumbers(logits)
  if (!twice) {
    const ordered = inOrderOfNumbers(logits)
    const numbers = ordered.map(({ number }) => number)
    // Numbers of arrays that NumPy named itself say nothing of the model.
    const named = ordered.every(({ item }) => layerInName(item.name) !== undefined)
    return { passes: [ordered.map(({ item }) => item)], numbers, named }
  }
  const { rows, firsts, seconds } = twice
  const isFirst = (twice.layers ?? layersOfShapes(rows) ?? (layersFirst ? 'first' : 'second')) === 'first'
  const passes = isFirst ? seconds.map((_, i) => rows.flatMap((row) => row[i] ?? [])) : rows
  return { passes, numbers: isFirst ? firsts : seconds, named: twice.layers !== undefined }
}

/** True where names have two numbers, of which neither the names nor the shapes say which is the layer's. */
export function isLayerOpen(logits: readonly FiledTensor[]): boolean {
  const twice = inOrderOfTwoNumbers(logits)
  return twice !== undefined && twice.layers === undefined && layersOfShapes(twice.rows) === undefined
}

/** Which number is the layer's: all layers of a pass have the same tokens, and passes seldom do. */
function layersOfShapes(rows: readonly (readonly FiledTensor[])[]): 'first' | 'second' | undefined {
  const alike = (tensors: readonly FiledTensor[]) => new Set(tensors.map(({ shape }) => shape.join())).size <= 1
  const [row = []] = rows
  const inRows = rows.every(alike)
  const inColumns = row.every((_, i) => alike(rows.flatMap((each) => each[i] ?? [])))
  if (inRows === inColumns) return undefined
  return inRows ? 'second' : 'first'
}

/** Of all layers `[tokens, experts]`, or `[batch, tokens, experts]`. */
function partOf(layers: readonly FiledTensor[], experts: number): LogitPart {
  const [first] = layers
  const lengths = first?.shape.slice(0, -1) ?? []
  const tokenCount = elementCount(lengths)
  const flat = layers.map((layer) => ({ ...layer, shape: [tokenCount, experts] }))
  return { tokenCount, textTokens: lengths.at(-1) ?? 0, read: readLayers(flat, experts) }
}

function tokensFirst(tensor: FiledTensor): LogitPart {
  const [tokenCount = 0] = tensor.shape
  const read = async (from: number, to: number) => float32Of(await tensorRows(tensor, from, to), tensor.name)
  return { tokenCount, textTokens: tokenCount, read }
}

function planesOf(
  parts: readonly LogitPart[],
  layers: readonly number[],
  experts: number,
  notes: readonly string[]
): Planes {
  const begins = [0]
  for (const { tokenCount } of parts) begins.push((begins.at(-1) ?? 0) + tokenCount)
  const tokenCount = begins.at(-1) ?? 0
  const [only, ...others] = parts
  const alone = only && others.length === 0 ? only : undefined
  const decoding = 'Passes of a single token go on with the text of the pass before; other passes begin a text.'
  const decodes = others.some((part) => part.tokenCount === 1)
  return {
    layers,
    tokenCount,
    experts,
    starts: alone && alone.textTokens === tokenCount ? undefined : startsOf(parts, begins),
    read: alone ? alone.read : (from, to) => readParts(parts, begins, layers.length * experts, from, to),
    notes: decodes ? [...notes, decoding] : notes
  }
}

function startsOf(parts: readonly LogitPart[], begins: readonly number[]): number[] {
  return parts.flatMap(({ tokenCount, textTokens }, i) => {
    if (tokenCount === 0 || (tokenCount === 1 && i > 0)) return []
    return Array.from({ length: tokenCount / textTokens }, (_, text) => (begins[i] ?? 0) + text * textTokens)
  })
}

async function readParts(
  parts: readonly LogitPart[],
  begins: readonly number[],
  perToken: number,
  from: number,
  to: number
): Promise<Float32Array> {
  const found = new Float32Array((to - from) * perToken)
  for (const [i, part] of parts.entries()) {
    const begin = begins[i] ?? 0
    const [first, last] = [Math.max(from, begin), Math.min(to, begin + part.tokenCount)]
    if (first < last) found.set(await part.read(first - begin, last - begin), (first - from) * perToken)
  }
  return found
}

function readLayers(layers: readonly FiledTensor[], experts: number) {
  return async (from: number, to: number): Promise<Float32Array> => {
    const found = new Float32Array((to - from) * layers.length * experts)
    for (const [layer, tensor] of layers.entries()) {
      const values = float32Of(await tensorRows(tensor, from, to), tensor.name)
      for (let token = 0; token < to - from; token++) {
        const begin = (token * layers.length + layer) * experts
        for (let expert = 0; expert < experts; expert++) found[begin + expert] = values[token * experts + expert] ?? 0
      }
    }
    return found
  }
}

/**
 * The logarithms of what are probabilities: their softmax gives the probabilities again. They differ from the router's
 * own logits by a number that is the same for all experts of a token and layer.
 */
export function logarithmsOf(planes: Planes): Planes {
  const read = async (from: number, to: number) => {
    const values = await planes.read(from, to)
    for (let i = 0; i < values.length; i++) values[i] = Math.log(values[i] ?? 0)
    return values
  }
  const note =
    'The values are probabilities, not logits: transformers 5 gave them so for some time (issue 45120 of its tracker). ' +
    'Their logarithms are taken as logits.'
  return { ...planes, read, notes: [...planes.notes, note] }
}

/** True where rows `[rows, experts]` are probabilities, with the precision of 16-bit floats. */
export function areProbabilities(values: Float32Array, experts: number): boolean {
  if (values.some((value) => !(value >= 0))) return false
  for (let row = 0; row < values.length; row += experts) {
    const sum = values.subarray(row, row + experts).reduce((total, value) => total + value, 0)
    if (Math.abs(sum - 1) > 0.02) return false
  }
  return values.length > 0
}

/** Throws a `FormatError` that names the array that has other axes than the first. */
function checkAlike(logits: readonly FiledTensor[]): void {
  const [first] = logits
  for (const { name, shape } of logits) {
    if (shape.length !== 2 && shape.length !== 3) {
      throw new FormatError(
        `'${shortName(name)}': expected the axes [tokens, experts] or [batch, tokens, experts] of one layer, or [layers, ` +
          `tokens, experts] in a single array, found shape [${shape.join(', ')}]`
      )
    }
    if (first && shape.join() !== first.shape.join()) throw contradiction(name, shape, first)
  }
}

function contradiction(name: string, shape: readonly number[], first: FiledTensor): FormatError {
  return new FormatError(
    `'${shortName(name)}': shape [${shape.join(', ')}] contradicts '${shortName(first.name)}', which has ` +
      `[${first.shape.join(', ')}]`
  )
}
