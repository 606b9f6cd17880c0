/** Counts of SGLang's expert distribution recorder: `logical_count [steps, layers, experts]`, or without steps. */
import { type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { integersOf } from '../../formats/tensor-data'
import type { RoutingCounts } from '../trace'
import type { Readable } from './importer'
import { checkCount, mostExperts, mostLayers } from './limits'

/** 256 MiB of 64-bit counts in the file, as many in memory. */
const mostCounts = 2 ** 25

/** Reads all counts; nothing is left to ask. Rejects with a `FormatError`. */
export async function readLogicalCount(tensor: FiledTensor, source: string): Promise<Readable> {
  const shape = tensor.shape.length === 2 ? [1, ...tensor.shape] : tensor.shape
  const [steps = 0, layers = 0, experts = 0] = shape
  if (shape.length !== 3) {
    throw new FormatError(`logical_count: expected [steps, layers, experts], found shape [${tensor.shape.join(', ')}]`)
  }
  checkCount(layers, mostLayers, 'logical_count: layers')
  checkCount(experts, mostExperts, 'logical_count: experts')
  checkCount(steps, Math.floor(mostCounts / layers / experts), 'logical_count: steps')
  const found = integersOf(await tensorRows({ ...tensor, shape }, 0, steps), 'logical_count')
  const routed = new Uint8Array(layers)
  for (let i = 0; i < found.length; i++) {
    const count = found[i] ?? 0
    const layer = Math.floor(i / experts) % layers
    if (count < 0) {
      const place = [Math.floor(i / experts / layers), layer, i % experts]
      throw new FormatError(`logical_count[${place.join('][')}]: expected a count, found ${count}`)
    }
    if (count > 0) routed[layer] = 1
  }
  const all = Array.from({ length: layers }, (_, layer) => layer)
  const kept = all.filter((layer) => routed[layer])
  if (kept.length === 0) throw new FormatError('logical_count: every count is 0: nothing was recorded')
  const counts = new Float64Array(steps * kept.length * experts)
  for (let step = 0; step < steps; step++) {
    for (const [place, layer] of kept.entries()) {
      for (let expert = 0; expert < experts; expert++) {
        counts[(step * kept.length + place) * experts + expert] = found[(step * layers + layer) * experts + expert] ?? 0
      }
    }
  }
  const dense = all.filter((layer) => !routed[layer])
  const notes = ['The file has counts without tokens: only how often each expert was chosen can be told.']
  if (dense.length > 0) notes.push(`Layers ${dense.join(', ')} have no count and are left out.`)
  const routing: RoutingCounts = {
    kind: 'counts',
    model: '',
    source,
    layers: kept,
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
