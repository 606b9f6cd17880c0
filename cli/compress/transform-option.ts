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
  return [
    `  ${id.padEnd(11)} ${name}${sources}`,
    ...indented(`saves ${saves}`, '', 14),
    ...Object.entries(settings.shape).flatMap(([key, { description = '' }]) =>
      indented(description, `${key}=${defaults[key]}`, 32)
    )
  ].join('\n')
}

const columns = 120

/** Words in lines that begin at a column; the first line has a label before it. */
function indented(text: string, label: string, column: number): string[] {
  const lines = text.split(' ').reduce<string[]>((done, word) => {
    const last = done.at(-1)
    if (last === undefined || column + last.length + 1 + word.length > columns) return [...done, word]
    return [...done.slice(0, -1), `${last} ${word}`]
  }, [])
  return lines.map((line, i) => `${`${' '.repeat(14)}${i === 0 ? label : ''}`.padEnd(column)}${line}`)
}
