/** Attention in windows by layers, as several families have it. */
import type { GroupedAttention, Mixer } from '../describe/description'
import { attentionTypes, sizeOrNull } from './keys'
import { attentionOf, type HeadKeys, windowOf } from './parts'

/** Keys of the window, and of which layers have it. */
export const windowKeys = { sliding_window: sizeOrNull(), layer_types: attentionTypes }

interface WindowedKeys extends HeadKeys {
  readonly num_hidden_layers: number
  readonly layer_types: readonly string[] | null
  readonly sliding_window: number | null
}

/** The attention of each layer, in a window where `layer_types` says so, or by a schedule of the family. */
export function windowed(
  config: WindowedKeys,
  options: Partial<Omit<GroupedAttention, 'kind'>>,
  isWindowed: (layer: number) => boolean = () => false
): (layer: number) => Mixer {
  const attention = attentionOf(config, options)
  return (layer) =>
    layer < config.num_hidden_layers ? { ...attention, window: windowOf(config, layer, isWindowed) } : attention
}
