/** Counts of experts that a file has as values of one shape, without the layers that have none. */
import { type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { float64Of, integersOf, isFloat } from '../../formats/tensor-data'
import type { RoutingCounts } from '../trace'
import type { Readable } from './importer'
import { checkCount, mostExperts, mostLayers } from './limits'

/** 256 MiB of 64-bit counts in the file, as many in memory. */
const mostCounts = 2 ** 25

export interface CountSizes {
  readonly steps: number
  readonly layers: number
  readonly experts: number
}

/**
 * Reads counts `[steps, layers, experts]`, or without steps, of one array, or of several alike, whose steps follow each
 * other; nothing is left to ask. Rejects with a `FormatError` that names the array.
 */
export async function readCounts(tensors: readonly FiledTensor[], source: string): Promise<Readable> {
  const [first] = tensors
  if (!first) throw new FormatError('no array of counts')
  const { name, shape } = first
  if (shape.length < 2 || shape.length > 3) {
    throw new FormatError(`${name}: expected [steps, layers, experts], found shape [${shape.join(', ')}]`)
  }
  const [steps = 0, layers = 0, experts = 0] = shape.length === 2 ? [1, ...shape] : shape
  const sizes = { steps: steps * tensors.length, layers, experts }
  checkSizes(name, sizes)
  const counts = new Float64Array(sizes.steps * layers * experts)
  for (const [i, tensor] of tensors.entries()) {
    if (tensor.shape.join() !== shape.join()) {
      throw new FormatError(
        `${tensor.name}: shape [${tensor.shape.join(', ')}] contradicts ${name}, which has [${shape.join(', ')}]`
      )
    }
    const stored = await tensorRows(tensor, 0, shape[0] ?? 0)
    const found = isFloat(stored.dtype) ? float64Of(stored, tensor.name) : integersOf(stored, tensor.name)
    checkCounts(found, (at) => `${tensor.name}[${Math.floor(at / experts / layers)}]${placeIn(at, layers, experts)}`)
    for (let at = 0; at < found.length; at++) counts[i * found.length + at] = found[at] ?? 0
  }
  return readableCounts(counts, sizes, source, [])
}

/** Throws a `FormatError` for more than any model has. */
export function checkSizes(field: string, { steps, layers, experts }: CountSizes): void {
  checkCount(layers, mostLayers, `${field}: layers`)
  checkCount(experts, mostExperts, `${field}: experts`)
  checkCount(steps, Math.floor(mostCounts / layers / experts), `${field}: steps`)
}

/** Throws a `FormatError` that names the first of `found` that is no count. */
export function checkCounts(found: ArrayLike<number>, named: (i: number) => string): void {
  for (let i = 0; i < found.length; i++) {
    const count = found[i] ?? 0
    if (!(count >= 0 && count < Number.POSITIVE_INFINITY)) {
      throw new FormatError(`${named(i)}: expected a count, found ${count}`)
    }
  }
}

/** Layer and expert of a count, as indices. */
export function placeIn(i: number, layers: number, experts: number): string {
  return `[${Math.floor(i / experts) % layers}][${i % experts}]`
}

/**
 * Counts `[steps, layers, experts]` without the layers that have none. Throws a `FormatError` where all have none.
 *
 * @param more notes about this file
 * @param numbers of the layers in the model; by default from 0 on
 */
export function readableCounts(
  found: ArrayLike<number>,
  { steps, layers, experts }: CountSizes,
  source: string,
  more: readonly string[],
  numbers?: readonly number[]
): Readable {
  const numbered = (layers: readonly number[]) => layers.map((layer) => numbers?.[layer] ?? layer)
  const routed = new Uint8Array(layers)
  for (let i = 0; i < found.length; i++) if ((found[i] ?? 0) > 0) routed[Math.floor(i / experts) % layers] = 1
  const all = Array.from({ length: layers }, (_, layer) => layer)
  const kept = all.filter((layer) => routed[layer])
  if (kept.length === 0) throw new FormatError('every count is 0: nothing was recorded')
  const counts = new Float64Array(steps * kept.length * experts)
  for (let step = 0; step < steps; step++) {
    for (const [place, layer] of kept.entries()) {
      for (let expert = 0; expert < experts; expert++) {
        counts[(step * kept.length + place) * experts + expert] = found[(step * layers + layer) * experts + expert] ?? 0
      }
    }
  }
  const dense = all.filter((layer) => !routed[layer])
  const notes = ['The file has counts without tokens: only how often each expert was chosen can be told.', ...more]
  if (dense.length > 0) notes.push(`Layers ${numbered(dense).join(', ')} have no count and are left out.`)
  const routing: RoutingCounts = {
    kind: 'counts',
    model: '',
    source,
    layers: numbered(kept),
    experts,
    topK: undefined,
    steps,
    counts,
    notes
  }
  return { questions: [], preview: previewOf(routing), open: async () => routing }
}

const previewLayers = 4
const previewExperts = 8

function previewOf({ layers, experts, counts }: RoutingCounts): string {
  return layers
    .slice(0, previewLayers)
    .map((layer, place) => {
      const row = counts.subarray(place * experts, place * experts + Math.min(experts, previewExperts))
      return `layer ${layer}  ${row.join(' ')}${experts > previewExperts ? ' ...' : ''}`
    })
    .join('\n')
}
