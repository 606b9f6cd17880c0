import { tensorInMemory } from '../formats/filed-tensor'
import type { StoredTensor } from '../formats/tensor-data'
import type { TensorStore } from './store'

/** A checkpoint in one file, of tensors in memory by their names. */
export function storeOf(tensors: Readonly<Record<string, StoredTensor>>): TensorStore {
  return {
    name: 'model.safetensors',
    tensors: new Map(Object.entries(tensors).map(([name, tensor]) => [name, tensorInMemory(name, tensor)]))
  }
}
