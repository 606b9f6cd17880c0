/** `--with name:key=value,...`: a transform and its settings. */
import { readTransform, type TransformSpec } from '@core/compress'
import type { Transform } from '@core/compress/transform'
import { FormatError } from '@core/formats/format-error'
import { UsageError } from '../terminal/errors'

/** Reads one. Throws a `UsageError` that says what was expected. */
export function readTransformOption(text: string): TransformSpec {
  const [, id = '', settings = ''] = /^([^:]*):?(.*)$/.exec(text) ?? []
  const entries = settings === '' ? [] : settings.split(',').map((each) => entryOf(each, text))
  try {
    return readTransform({ id, ...Object.fromEntries(entries) })
  } catch (error) {
    throw error instanceof FormatError ? new UsageError(`--with: ${error.message}`, { cause: error }) : error
  }
}

function entryOf(text: string, whole: string): [string, string | number | boolean] {
  const [, key, value] = /^(\w+)=(.+)$/.exec(text) ?? []
  if (key === undefined || value === undefined || key === 'id') {
    throw new UsageError(`--with: expected name:key=value,... such as rtn:bits=4,block=32, found '${whole}'`)
  }
  if (value === 'true' || value === 'false') return [key, value === 'true']
  return [key, Number.isNaN(Number(value)) ? value : Number(value)]
}

/** A transform as `--with` takes it. */
export function transformText({ id, ...settings }: TransformSpec): string {
  const given = Object.entries(settings).map(([key, value]) => `${key}=${value}`)
  return given.length === 0 ? id : `${id}:${given.join(',')}`
}

/** The lines of the help about a transform: its settings, with their defaults and meanings. */
export function transformHelp({ id, name, papers, saves, settings }: Transform): string {
  const defaults = readTransform({ id })
  const sources = papers.length > 0 ? ` (arXiv ${papers.map(({ arxiv }) => arxiv).join(', ')})` : ''
  const meanings = Object.entries(settings.shape).map(
    ([key, { description }]) => `\n${' '.repeat(14)}${`${key}=${defaults[key]}`.padEnd(17)} ${description}`
  )
  return `  ${id.padEnd(11)} ${name}${sources}; saves ${saves}${meanings.join('')}`
}
