import type { z } from 'zod'
import { ConfigError, problem, schemaError } from '../describe/config-error'
import type { Keys } from '../describe/config-keys'
import type { ModelDescription } from '../describe/description'
import { isForeign, type Meaning, meaningOf, otherSpellings } from './spellings'
import { namesOf, shapeKeys, unreadKeys } from './unread'

/** Models that one reader understands. */
export interface Family {
  /** The values of `model_type` in their config.json. */
  readonly modelTypes: readonly string[]
  /** Reads the keys of a config.json. Throws `ConfigError`, naming the key. */
  readonly read: (keys: Keys, modelType: string) => ModelDescription
  /** The keys that look like sizes or schedules of layers and that it does not read, where its schema says so. */
  readonly unreadShapes?: (keys: Keys) => readonly string[]
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
  const read = Object.keys(schema.shape)
  const width = read.find((key) => meaningOf(key) === 'width')
  const unreadIn = (keys: Keys) => unreadKeys(keys, [...read, ...Object.values(respell(spellings, keys))])
  return {
    modelTypes,
    unreadShapes: (keys) => shapeKeys(keys, unreadIn(keys)),
    read: (keys, modelType) => {
      const respelled = respell(spellings, keys)
      const values = Object.entries(respelled).map(([key, name]) => [key, keys[name]])
      const given: Keys = values.length === 0 ? keys : { ...keys, ...Object.fromEntries(values) }
      if (width !== undefined && (given[width] === undefined || given[width] === null)) {
        const unread = unreadIn(keys)
        if (given.vocab_size === undefined || unread.length > 0) throw missing(width, unread)
      }
      const parsed = schema.safeParse(given, interpreted)
      if (!parsed.success) throw schemaError(parsed.error, respelled)
      const description = describe(parsed.data, modelType)
      const assumed = defaults(given, parsed.data)
      const unread = unreadIn(keys)
      const unknown = assumed.length > 0 ? unread : shapeKeys(keys, unread)
      const notes = [
        ...Object.entries(respelled).flatMap(([key, name]) => (isForeign(name) ? [`${name} is read as ${key}`] : [])),
        ...(assumed.length > 0 ? [`not in the file, by the default of its class: ${assumed.join(', ')}`] : []),
        ...(unknown.length > 0
          ? [
              `keys that ${assumed.length > 0 ? 'were not read' : `look like sizes and that a ${modelType} does not read`}: ${namesOf(unknown)}`
            ]
          : [])
      ]
      return notes.length === 0 ? description : { ...description, notes: [...description.notes, ...notes] }
    }
  }
}

/** Compiling a schema takes longer than reading the few files of its kind. */
const interpreted = { jitless: true } as const

/**
 * Without its width a file says nothing of a model's size, and the defaults of its class are another model; a wrapper's
 * `text_config` that has a vocabulary and nothing unknown leaves out what is as in its class (Llava 1.5).
 */
function missing(key: string, unread: readonly string[]): ConfigError {
  const others =
    unread.length > 0
      ? `, and keys that are not known: ${namesOf(unread)}`
      : ': a file without sizes cannot be counted; open the config.json of the model from which its weights were made'
  return new ConfigError(problem(key, `expected a positive integer, found nothing${others}`))
}

/** Meanings that every file of a class says, so that a reader must know where one does not. */
const needed: readonly (Meaning | undefined)[] = [
  'vocabulary',
  'width',
  'layers',
  'heads',
  'feedForward',
  'experts',
  'topK',
  'expertWidth'
]

/** The sizes that are not in a file, with those that its class gives them. */
function defaults(given: Keys, parsed: Keys): string[] {
  return Object.entries(parsed).flatMap(([key, value]) =>
    given[key] === undefined && typeof value === 'number' && value > 0 && needed.includes(meaningOf(key))
      ? [`${key} ${value}`]
      : []
  )
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
