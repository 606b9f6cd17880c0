/** Documents that outlive a version of the app: each says its format, and older formats are brought up to date. */
import { currentEdition } from '@core/corpus/edition'
import { parsedBy } from '@core/formats/problems'
import { z } from 'zod'
import { defaultTraining, labOf, trainingChoicesSchema } from '../lab/choices'
import { choicesSchema, defaultChoices } from './choices'
import { editionSchema } from './edition'
import { defaultSettings, settingsSchema } from './settings'

/** A kind of document: how its value is checked, and how each older format becomes the next. */
export interface VersionedFormat<T> {
  /** Without its number, e.g. `moescope.state`. */
  readonly name: string
  /** From format 1 to 2, from 2 to 3, and so on; the newest format is one more than there are steps. */
  readonly migrations: readonly ((older: Record<string, unknown>) => Record<string, unknown>)[]
  readonly schema: z.ZodType<T>
}

/**
 * The choices. Format 1 held the machine's settings as well, until format 2 one model could be trained at a time, and
 * until format 3 all shipped models were of the first edition.
 */
export const stateFormat: VersionedFormat<z.infer<typeof stateSchema>> = {
  name: 'moescope.state',
  migrations: [
    ({ choices }) => ({ choices: { view: 'compare', ...without(choices, ['theme', 'backend', 'threads']) } }),
    ({ choices }) => ({ choices: inLab(choices) }),
    (state) => ({ ...state, edition: 1 })
  ],
  get schema() {
    return stateSchema
  }
}

const stateSchema = z.object({
  edition: editionSchema,
  choices: choicesSchema.prefault(defaultChoices),
  /** The clock of the talk that is told, as `ToldSince`. */
  toldSince: z.object({ story: z.number(), chapter: z.number() }).exactOptional(),
  /** In a saved file: the texts of the user's that the choices name, by their hashes. */
  texts: z.record(z.string(), z.string()).exactOptional()
})

export const settingsFormat: VersionedFormat<z.infer<typeof settingsDocument>> = {
  name: 'moescope.settings',
  migrations: [],
  get schema() {
    return settingsDocument
  }
}

const settingsDocument = z.object({ settings: settingsSchema.prefault(defaultSettings) })

/** Choices of today, as they are stored. */
export function writeState(
  state: Omit<z.infer<typeof stateSchema>, 'edition'>
): { format: string } & z.infer<typeof stateSchema> {
  return writeVersioned(stateFormat, { edition: currentEdition, ...state })
}

/** A value with its format, as it is stored. */
export function writeVersioned<T extends object>(format: VersionedFormat<T>, value: T): { format: string } & T {
  return { format: `${format.name}/${format.migrations.length + 1}`, ...value }
}

/**
 * A stored value, brought up to date and checked.
 * @throws an error that says what was expected and what was found
 */
export function readVersioned<T>({ name, migrations, schema }: VersionedFormat<T>, stored: unknown): T {
  const newest = migrations.length + 1
  const head = z.looseObject({ format: z.string() }).safeParse(stored)
  if (!head.success) throw new Error(`expected ${name}/${newest}, found no format`)
  const [found, number] = head.data.format.split('/')
  const version = Number(number)
  if (found !== name || !Number.isInteger(version) || version < 1) {
    throw new Error(`expected ${name}/${newest}, found ${head.data.format}`)
  }
  if (version > newest) {
    throw new Error(`it was written by a newer Moescope (${head.data.format}, this one knows ${name}/${newest})`)
  }
  const { format: _, ...value } = head.data
  const upToDate = migrations.slice(version - 1).reduce<Record<string, unknown>>((older, step) => step(older), value)
  return parsedBy(schema, upToDate, '')
}

/** Choices of when one model could be trained, as those of the Lab. */
function inLab(older: unknown): Record<string, unknown> {
  const { view, training, ...choices } = without(older, [])
  const read = trainingChoicesSchema.safeParse(training)
  const isChosen = read.success && JSON.stringify(read.data) !== JSON.stringify(defaultTraining)
  return {
    ...choices,
    ...(view === undefined ? {} : { view: view === 'train' ? 'lab' : view }),
    ...(isChosen ? { lab: labOf(read.data) } : {})
  }
}

function without(value: unknown, keys: readonly string[]): Record<string, unknown> {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {})
  return Object.fromEntries(entries.filter(([key]) => !keys.includes(key)))
}
