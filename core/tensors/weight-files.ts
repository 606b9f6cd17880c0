/** Names of the files in which a checkpoint's folder has its weights. */

/** All of them in one file. */
export const wholeWeightsName = 'model.safetensors'

/** Says which of several files has which tensor, as `save_pretrained` writes it. */
export const shardIndexName = 'model.safetensors.index.json'

/** One of several files, as they are numbered: `model-00001-of-00003.safetensors`. */
export const shardName = /^(.+)-(\d{5})-of-(\d{5})\.safetensors$/

/** True where a folder has weights, in one file or in several. */
export function hasWeights(names: readonly string[]): boolean {
  return names.some((name) => name === wholeWeightsName || name === shardIndexName || shardName.test(name))
}
