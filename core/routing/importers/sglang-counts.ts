/**
 * Counts of SGLang's expert distribution recorder: `logical_count [steps, layers, experts]`, or without steps (modes
 * `stat` and `stat_approx`), and `global_physical_count [layers, places]` of each pass (mode `per_pass`).
 */
import { type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import type { PickleValue } from '../../formats/pickle'
import { integersOf } from '../../formats/tensor-data'
import { type TorchFile, TorchTensor } from '../../formats/torch-file'
import type { RoutingCounts } from '../trace'
import { type Readable, type ReadOptions, throwIfStopped } from './importer'
import { checkCount, mostExperts, mostLayers } from './limits'
import { readExpertMap } from './sglang-expert-map'

/** 256 MiB of 64-bit counts in the file, as many in memory. */
const mostCounts = 2 ** 25

/** Reads all counts; nothing is left to ask. Rejects with a `FormatError`. */
export async function readLogicalCount(tensor: FiledTensor, source: string): Promise<Readable> {
  const shape = tensor.shape.length === 2 ? [1, ...tensor.shape] : tensor.shape
  const [steps = 0, layers = 0, experts = 0] = shape
  if (shape.length !== 3) {
    throw new FormatError(`logical_count: expected [steps, layers, experts], found shape [${tensor.shape.join(', ')}]`)
  }
  checkSizes('logical_count', steps, layers, experts)
  const found = integersOf(await tensorRows({ ...tensor, shape }, 0, steps), 'logical_count')
  const named = (i: number) => `logical_count[${Math.floor(i / experts / layers)}]${placeIn(i, layers, experts)}`
  checkCounts(found, named)
  return readableOf(found, { steps, layers, experts }, source, [])
}

/**
 * Reads the counts of each pass, those of the places that an expert has together. Rejects with a `FormatError` that
 * names the record.
 * @param map `last_physical_to_logical_map`
 */
export async function readPasses(
  file: TorchFile,
  records: readonly PickleValue[],
  map: PickleValue | undefined,
  source: string,
  options: ReadOptions
): Promise<Readable> {
  const tensors: FiledTensor[] = []
  for (const [i, record] of records.entries()) {
    const name = `records[${i}].global_physical_count`
    const tensor = record instanceof Map ? record.get('global_physical_count') : undefined
    if (!(tensor instanceof TorchTensor)) throw new FormatError(`${name}: expected a tensor`)
    tensors.push(await file.tensor(tensor, name))
  }
  const [layers = 0, places = 0] = tensors[0]?.shape ?? []
  const placement = map instanceof TorchTensor ? await readExpertMap(file, map, layers) : undefined
  const experts = placement?.count ?? places
  checkSizes('global_physical_count', tensors.length, layers, Math.max(experts, places))
  const counts = new Float64Array(tensors.length * layers * experts)
  for (const [pass, tensor] of tensors.entries()) {
    const { name, shape } = tensor
    if (shape.length !== 2 || shape[0] !== layers || shape[1] !== places) {
      throw new FormatError(`${name}: expected shape [${layers}, ${places}], found [${shape.join(', ')}]`)
    }
    const found = integersOf(await tensorRows(tensor, 0, layers), name)
    checkCounts(found, (i) => `${name}${placeIn(i, layers, places)}`)
    for (let i = 0; i < found.length; i++) {
      const [layer, place] = [Math.floor(i / places), i % places]
      const expert = placement ? placement.expertOf(layer, place) : place
      counts[(pass * layers + layer) * experts + expert] =
        (counts[(pass * layers + layer) * experts + expert] ?? 0) + (found[i] ?? 0)
    }
    options.progress?.(pass + 1, tensors.length)
    throwIfStopped(options)
  }
  const notes = ['The file counts what one rank (GPU) saw: those of the other ranks are in files of their own.']
  if (!placement) notes.push('The file has no last_physical_to_logical_map: places are taken as experts.')
  if (placement && !placement.identity) {
    notes.push(
      'Experts were placed several times or moved: places are counted for the experts of the last map of the recording.'
    )
  }
  return readableOf(counts, { steps: tensors.length, layers, experts }, source, notes)
}

function checkSizes(field: string, steps: number, layers: number, experts: number): void {
  checkCount(layers, mostLayers, `${field}: layers`)
  checkCount(experts, mostExperts, `${field}: experts`)
  checkCount(steps, Math.floor(mostCounts / layers / experts), `${field}: steps`)
}

function checkCounts(found: ArrayLike<number>, named: (i: number) => string): void {
  for (let i = 0; i < found.length; i++) {
    const count = found[i] ?? 0
    if (count < 0) throw new FormatError(`${named(i)}: expected a count, found ${count}`)
  }
}

function placeIn(i: number, layers: number, experts: number): string {
  return `[${Math.floor(i / experts) % layers}][${i % experts}]`
}

interface Sizes {
  readonly steps: number
  readonly layers: number
  readonly experts: number
}

/** Counts `[steps, layers, experts]` without the layers that have none. */
function readableOf(
  found: ArrayLike<number>,
  { steps, layers, experts }: Sizes,
  source: string,
  more: readonly string[]
): Readable {
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
