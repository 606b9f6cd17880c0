import type { z } from 'zod'
import { FormatError } from '../../formats/format-error'
import { problemsOf } from '../../formats/problems'
import { found as asText } from './config-keys'

/** A config.json that cannot be read, or an architecture that no config.json can express. The message names the key. */
export class ConfigError extends FormatError {
  override readonly name = 'ConfigError'
}

/** A `model_type` that no reader knows, which can still be read by the names of the keys. */
export class UnknownKindError extends ConfigError {}

/** Keys that a best-effort reading does not know and that look like sizes; asked again, it leaves them out. */
export class UnknownShapesError extends ConfigError {}

/** The message for a key of a config.json that is wrong, or with all of it where `key` is empty. */
export function problem(key: string, message: string): string {
  return key === '' ? `config.json: ${message}` : `config.json: ${key}: ${message}`
}

/**
 * The error of a file that does not fit its schema.
 *
 * @param names of keys as the file spells them, where that is not as the schema does
 */
export function schemaError(error: z.ZodError, names: Readonly<Record<string, string>> = {}): ConfigError {
  return new ConfigError(problem('', problemsOf(error, names)))
}

/** Throws a `ConfigError` that names the key, what was expected and what was found, unless `valid`. */
export function check(valid: boolean, key: string, expectation: string, found: unknown): void {
  if (!valid) throw new ConfigError(problem(key, `${expectation}, found ${asText(found)}`))
}
