import type { z } from 'zod'
import { schemaError } from '../describe/config-error'
import type { ModelDescription } from '../describe/description'
import { otherSpellings } from './spellings'

type Keys = Readonly<Record<string, unknown>>

/** Models that one reader understands. */
export interface Family {
  /** The values of `model_type` in their config.json. */
  readonly modelTypes: readonly string[]
  /** Reads the keys of a config.json. Throws `ConfigError`, naming the key. */
  readonly read: (keys: Keys, modelType: string) => ModelDescription
}

/**
 * A family of models whose config.json fits one schema.
 *
 * @param schema of the keys that fix shapes; all others are ignored, and one that is missing is looked for by its other
 * spellings
 */
export function family<Shape extends z.ZodRawShape>(
  modelTypes: readonly string[],
  schema: z.ZodObject<Shape>,
  describe: (config: z.output<z.ZodObject<Shape>>, modelType: string) => ModelDescription
): Family {
  const spellings = otherSpellings(Object.keys(schema.shape))
  return {
    modelTypes,
    read: (keys, modelType) => {
      const respelled = respell(spellings, keys)
      const values = Object.entries(respelled).map(([key, name]) => [key, keys[name]])
      const parsed = schema.safeParse(values.length === 0 ? keys : { ...keys, ...Object.fromEntries(values) })
      if (!parsed.success) throw schemaError(parsed.error, respelled)
      return describe(parsed.data, modelType)
    }
  }
}

/** For each key that is missing, the other spelling of it that the file has. */
function respell(spellings: ReadonlyMap<string, readonly string[]>, keys: Keys): Record<string, string> {
  const respelled: Record<string, string> = {}
  for (const [key, others] of spellings) {
    if (keys[key] !== undefined) continue
    const other = others.find((name) => keys[name] !== undefined && keys[name] !== null)
    if (other !== undefined) respelled[key] = other
  }
  return respelled
}
