/** Settings of a spec by their paths: `recipe.seed`. */
import { z } from 'zod'
import { FormatError } from '../../formats/format-error'

export const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** A setting as a cell of a table. */
export type Cell = z.infer<typeof cellSchema>

/**
 * A copy of a spec with one setting changed; objects that a path leads through are made where there are none. Throws a
 * `FormatError` for a path through a value that has no keys, or past the end of a list.
 *
 * @param path keys with dots between them, places of a list as numbers from 0
 */
export function withSetting(spec: unknown, path: string, value: unknown): unknown {
  return changed(spec, path.split('.'), [], value)
}

function changed(at: unknown, [key, ...rest]: readonly string[], before: readonly string[], value: unknown): unknown {
  if (key === undefined) return value
  const path = [...before, key]
  const place = before.join('.')
  if (Array.isArray(at)) {
    const index = Number(key)
    if (!(/^\d+$/.test(key) && index < at.length)) {
      throw new FormatError(`'${path.join('.')}': ${place} is a list of ${at.length}, whose places count from 0`)
    }
    return at.map((each: unknown, i) => (i === index ? changed(each, rest, path, value) : each))
  }
  if (at !== undefined && !isObject(at)) {
    throw new FormatError(`'${[...path, ...rest].join('.')}': ${place} is ${JSON.stringify(at)}, which has no keys`)
  }
  return { ...at, [key]: changed(at && Object.hasOwn(at, key) ? at[key] : undefined, rest, path, value) }
}

/** A copy of a spec with all settings of another; what is no object takes the place of what was there. */
export function withSettings(spec: unknown, other: unknown): unknown {
  if (!isObject(spec) || !isObject(other)) return other
  const changes = Object.entries(other).map(([key, value]) => [
    key,
    Object.hasOwn(spec, key) ? withSettings(spec[key], value) : value
  ])
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

/** The settings of a run as it was asked for, and the architecture that a training came to, under the keys of config.json. */
export function runSettings({
  asked,
  spec
}: {
  readonly asked: unknown
  readonly spec: unknown
}): Record<string, Cell> {
  const config = isObject(spec) && 'architecture' in spec ? settingsOf(spec.architecture, 'config') : {}
  return Object.assign(settingsOf(asked), config)
}

function cellOf(value: unknown): Cell {
  const isCell = value === null || ['string', 'number', 'boolean'].includes(typeof value)
  return isCell ? (value as Cell) : JSON.stringify(value)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
