import { families } from '../families'
import { readBestEffort } from '../families/best-effort'
import { problem, UnknownKindError } from './config-error'
import { describeFile, type Keys } from './config-file'
import { found } from './config-keys'
import type { ModelDescription } from './description'
import { nearestWords } from './nearest-words'

export interface ReadOptions {
  /** True to read a kind that no reader knows by the names of its keys; the description says what was assumed. */
  readonly bestEffort?: boolean
}

/** The values of `model_type` that can be read. */
export const knownModelTypes: readonly string[] = [...families.keys()].sort()

/**
 * Describes the model of a parsed Hugging Face config.json; missing keys take the defaults of its class. Of a model of
 * several modalities the language model is described, and `leftOut` names the rest. Throws `ConfigError`, naming the key,
 * for values that are wrong or contradict each other; an `UnknownKindError` for a kind that is not known, with the
 * nearest that are.
 */
export function readDescription(json: unknown, options: ReadOptions = {}): ModelDescription {
  return describeFile(json, (keys, modelType) => readKnown(keys, modelType, options))
}

function readKnown(keys: Keys, modelType: string, { bestEffort = false }: ReadOptions): ModelDescription {
  const family = families.get(modelType)
  if (family) return family.read(keys, modelType)
  if (bestEffort) return readBestEffort(keys, modelType)
  const nearest = nearestWords(modelType, knownModelTypes, 3)
  throw new UnknownKindError(
    problem(
      'model_type',
      `${found(modelType)} is not known (the nearest are ${nearest.join(', ')}): a best-effort reading goes by key names`
    )
  )
}
