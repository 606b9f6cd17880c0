/** Settings of a spec by their paths: `recipe.seed`. */
import { z } from 'zod'
import { FormatError } from '../../formats/format-error'

/** A setting as a cell of a table. */
export type Cell = string | number | boolean | null

/** One check: a union of four schemas takes most of the time in which a large table is read. */
export const cellSchema = z.custom<Cell>(isCell, 'expected text, a number, true, false or null')

/** A spec as a file has it, or one of its parts: settings by their keys. */
export type Settings = Readonly<Record<string, unknown>>

/**
 * A copy of a spec with one setting changed; objects that a path leads through are made where there are none. Throws a
 * `FormatError` for a path through a value that has no keys, or past the end of a list.
 *
 * @param path keys with dots between them, places of a list as numbers from 0
 */
export function withSetting(spec: Settings, path: string, value: unknown): Settings {
  return withKey(spec, path.split('.'), [], value)
}

function withKey(of: Settings, [key = '', ...rest]: readonly string[], before: readonly string[], value: unknown) {
  const own = Object.hasOwn(of, key) ? of[key] : undefined
  return { ...of, [key]: changed(own, rest, [...before, key], value) }
}

function changed(at: unknown, keys: readonly string[], before: readonly string[], value: unknown): unknown {
  const [key, ...rest] = keys
  if (key === undefined) return value
  const place = before.join('.')
  if (Array.isArray(at)) {
    const index = Number(key)
    if (!(/^\d+$/.test(key) && index < at.length)) {
      throw new FormatError(`'${place}.${key}': ${place} is a list of ${at.length}, whose places count from 0`)
    }
    return at.map((each: unknown, i) => (i === index ? changed(each, rest, [...before, key], value) : each))
  }
  if (at !== undefined && !isObject(at)) {
    throw new FormatError(`'${[...before, ...keys].join('.')}': ${place} is ${JSON.stringify(at)}, which has no keys`)
  }
  return withKey(at ?? {}, keys, before, value)
}

/** A copy of a spec with all settings of another; what is no object takes the place of what was there. */
export function withSettings(spec: Settings, other: Settings): Settings {
  const changes = Object.entries(other).map(([key, value]) => {
    const own = Object.hasOwn(spec, key) ? spec[key] : undefined
    return [key, isObject(own) && isObject(value) ? withSettings(own, value) : value]
  })
  return { ...spec, ...Object.fromEntries(changes) }
}

/** The settings of a spec by their paths, below `place` where one is given, in their order; a list is its JSON text. */
export function settingsOf(spec: unknown, place = ''): Record<string, Cell> {
  const settings: Record<string, Cell> = {}
  collect(spec, place, settings)
  return settings
}

function collect(at: unknown, place: string, settings: Record<string, Cell>): void {
  if (!isObject(at)) {
    settings[place] = cellOf(at)
    return
  }
  for (const [key, value] of Object.entries(at)) {
    if (value !== undefined) collect(value, place === '' ? key : `${place}.${key}`, settings)
  }
}

/**
 * The settings of a run as it was asked for, and the architecture that a training came to, under the keys of config.json.
 *
 * @param of as `settingsOf`, for who reads many runs that have parts in common (`onceForPart`)
 */
export function runSettings(
  { asked, spec }: { readonly asked: unknown; readonly spec: unknown },
  of: (part: unknown, place: string) => Record<string, Cell> = settingsOf
): Record<string, Cell> {
  const parts = isObject(asked) ? Object.entries(asked).filter(([, part]) => part !== undefined) : []
  const config = isObject(spec) && 'architecture' in spec ? of(spec.architecture, 'config') : {}
  return Object.assign({}, ...parts.map(([key, part]) => of(part, key)), config)
}

function cellOf(value: unknown): Cell {
  return isCell(value) ? value : JSON.stringify(value)
}

function isCell(value: unknown): value is Cell {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
