/** Arrays in JSON: nested lists of numbers, alone or under names. */
import type { ByteSource } from './byte-source'
import { FormatError } from './format-error'
import type { PickleValue } from './pickle'
import { arraysOfPickle, type PickledArrays } from './pickled-arrays'
import { readJson } from './text'

/** The arrays of a file that is one JSON text of at most 64 MiB; undefined where it is none, or has none. */
export async function arraysOfJson(source: ByteSource): Promise<PickledArrays | undefined> {
  try {
    const value = asPickled(await readJson(source, ''))
    const [, name = source.name] = /([^/\\]+)$/.exec(source.name) ?? []
    const found = await arraysOfPickle(
      { value, tensor: () => Promise.reject(new RangeError('JSON has no tensors')) },
      name
    )
    return found.tensors.length > 0 ? found : undefined
  } catch (error) {
    // The importers of text say what is wrong with it.
    if (error instanceof FormatError) return undefined
    throw error
  }
}

/** JSON as a pickle has it: objects are maps. */
function asPickled(value: unknown): PickleValue {
  if (Array.isArray(value)) return typeof value[0] === 'number' ? (value as PickleValue[]) : value.map(asPickled)
  if (typeof value !== 'object' || value === null) return value as PickleValue
  return new Map(Object.entries(value).map(([key, each]) => [key, asPickled(each)]))
}
