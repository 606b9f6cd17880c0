import { floatedStore, isMicroscaled } from './microscaled'
import { readScaledBlock, scaledStore } from './scaled-eights'
import type { TensorStore } from './store'

/** A checkpoint's tensors, with those that are quantised as the float32 that they stand for. */
export type Dequantise = (store: TensorStore) => Promise<TensorStore>

/**
 * The way in which weights of floats of few bits become float32, by a parsed config.json; undefined for a model without.
 * Throws a `FormatError` for such floats of an unknown form.
 */
export function dequantiserOf(config: unknown): Dequantise | undefined {
  const block = readScaledBlock(config)
  if (block) return (store) => scaledStore(store, block)
  return isMicroscaled(config) ? floatedStore : undefined
}
