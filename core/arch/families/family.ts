import type { z } from 'zod'
import { schemaError } from '../config-error'
import type { ModelDescription } from '../description'

/** Models that one reader understands. */
export interface Family {
  /** The values of `model_type` in their config.json. */
  readonly modelTypes: readonly string[]
  /** Reads the keys of a config.json. Throws `ConfigError`, naming the key. */
  readonly read: (keys: object, modelType: string) => ModelDescription
}

/**
 * A family of models whose config.json fits one schema.
 *
 * @param schema of the keys that fix shapes; all others are ignored
 */
export function family<T>(
  modelTypes: readonly string[],
  schema: z.ZodType<T>,
  describe: (config: T, modelType: string) => ModelDescription
): Family {
  return {
    modelTypes,
    read: (keys, modelType) => {
      const parsed = schema.safeParse(keys)
      if (!parsed.success) throw schemaError(parsed.error)
      return describe(parsed.data, modelType)
    }
  }
}
