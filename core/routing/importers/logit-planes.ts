/** Router logits of all layers as `[tokens, layers, experts]`, however their arrays lie in the file. */
import { alongFirstAxis, type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { float32Of } from '../../formats/tensor-data'
import { inOrderOfNumbers, shortName } from './array-names'
import { checkCount, mostLayers } from './limits'

/** The logits of a file, layer by layer. */
export interface Planes {
  readonly layers: readonly number[]
  readonly tokenCount: number
  readonly experts: number
  /** `[tokens, layers, experts]` */
  read(from: number, to: number): Promise<Float32Array>
  readonly notes: readonly string[]
}

/**
 * Of one array `[layers, tokens, experts]`, or `[tokens, layers, experts]`. Throws a `FormatError` for a number of
 * layers that no model has.
 */
export function stackedPlanes(tensor: FiledTensor, layersFirst: boolean): Planes {
  const [a = 0, b = 0, experts = 0] = tensor.shape
  const [layerCount, tokenCount] = layersFirst ? [a, b] : [b, a]
  checkCount(layerCount, mostLayers, `'${shortName(tensor.name)}': layers`)
  const layers = Array.from({ length: layerCount }, (_, layer) => layer)
  const read = layersFirst
    ? readLayers(alongFirstAxis(tensor), experts)
    : async (from: number, to: number) => float32Of(await tensorRows(tensor, from, to), tensor.name)
  return { layers, tokenCount, experts, read, notes: [layersUnknown] }
}

const layersUnknown = 'The file does not say which layers of the model these are: MoE layers are counted from 0.'

/** Of one array `[tokens, experts]` for each layer. Throws a `FormatError` when they contradict each other. */
export function layerPlanes(logits: readonly FiledTensor[]): Planes {
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

/** Whether rows `[rows, experts]` are probabilities, with the precision of 16-bit floats. */
export function areProbabilities(values: Float32Array, experts: number): boolean {
  if (values.some((value) => !(value >= 0))) return false
  for (let row = 0; row < values.length; row += experts) {
    const sum = values.subarray(row, row + experts).reduce((total, value) => total + value, 0)
    if (Math.abs(sum - 1) > 0.02) return false
  }
  return values.length > 0
}

/** Throws a `FormatError` that names the array. */
export function checkAlike(logits: readonly FiledTensor[]): void {
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
