/** The placement of experts by SGLang: `last_physical_to_logical_map [layers, places]`, the expert of each place. */
import { tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { elementCount, integersOf } from '../../formats/tensor-data'
import type { TorchFile, TorchTensor } from '../../formats/torch-file'
import { checkCount, mostExperts, mostLayers } from './limits'

export interface ExpertMap {
  /** Experts of the model. */
  readonly count: number
  /** True where every expert has one place, its own. */
  readonly identity: boolean
  /** Throws a `FormatError` for a place that the map does not have. */
  expertOf(layer: number, place: number): number
}

/** Reads a map. Rejects with a `FormatError` when it is damaged, or of other layers than `layers`. */
export async function readExpertMap(file: TorchFile, tensor: TorchTensor, layers: number): Promise<ExpertMap> {
  const field = 'last_physical_to_logical_map'
  const filed = await file.tensor(tensor, field)
  const [rows = 0, places = 0] = filed.shape
  if (filed.shape.length !== 2 || rows !== layers) {
    throw new FormatError(`${field}: expected shape [${layers}, experts], found [${filed.shape.join(', ')}]`)
  }
  checkCount(rows, mostLayers, `${field}: layers`)
  checkCount(places, mostExperts, `${field}: experts`)
  const map = integersOf(await tensorRows(filed, 0, rows), field)
  let highest = 0
  let identity = true
  for (let i = 0; i < elementCount(filed.shape); i++) {
    const expert = map[i] ?? 0
    if (!(expert >= 0 && expert < mostExperts)) {
      throw new FormatError(`${field}[${Math.floor(i / places)}][${i % places}]: expected an expert, found ${expert}`)
    }
    if (expert > highest) highest = expert
    if (expert !== i % places) identity = false
  }
  return {
    count: highest + 1,
    identity,
    expertOf: (layer, place) => {
      if (place < places) return map[layer * places + place] ?? 0
      throw new FormatError(`place ${place} in layer ${layer}: expected one of the ${places} places of ${field}`)
    }
  }
}
