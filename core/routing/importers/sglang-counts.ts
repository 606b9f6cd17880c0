/** Counts of SGLang's expert distribution recorder, mode `per_pass`: `global_physical_count [layers, places]` of each pass. */
import { type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import type { PickleValue } from '../../formats/pickle'
import { integersOf } from '../../formats/tensor-data'
import { type TorchFile, TorchTensor } from '../../formats/torch-file'
import { checkCounts, checkSizes, placeIn, readableCounts } from './count-values'
import { type Readable, type ReadOptions, throwIfStopped } from './importer'
import { readExpertMap } from './sglang-expert-map'

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
  checkSizes('global_physical_count', { steps: tensors.length, layers, experts: Math.max(experts, places) })
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
  return readableCounts(counts, { steps: tensors.length, layers, experts }, source, notes)
}
