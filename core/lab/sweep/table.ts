/** The table of a sweep, `results.csv`, as its writer leaves it: a row for each run that is whole. */
import type { CsvTable } from '../../formats/csv'
import { FormatError } from '../../formats/format-error'
import type { SweepRun } from './read-run'
import type { Cell } from './settings'

const tableName = 'results.csv'

/** Most rows: a sweep of more is asked for explicitly. */
const mostRows = 100_000

/** True of the columns of a sweep's table. */
export function isSweepTable([first, second]: readonly string[]): boolean {
  return first === 'run' && second === 'kind'
}

/**
 * The runs of a table. What the sweep varies is told by its settings that differ. Rejects with a `FormatError` that names
 * the row for a table that is damaged.
 */
export async function readSweepTable({ names, blocks }: CsvTable): Promise<SweepRun[]> {
  if (!isSweepTable(names)) throw new FormatError(`${tableName}: expected columns that begin with run and kind`)
  const rows: (readonly Cell[])[] = []
  for await (const block of blocks()) {
    for (let row = 0; row < block.count; row++) {
      if (rows.length >= mostRows) throw new FormatError(`${tableName}: more than ${mostRows} rows`)
      rows.push(names.map((_, field) => cellOf(block.text(row, field))))
    }
  }
  const columns = names.map((name, place) => ({ name, place })).slice(2)
  const settings = columns.filter(({ name }) => !isFigure(name))
  const figures = columns.filter(({ name }) => isFigure(name))
  const varied = settings.filter(
    ({ name, place }) => !name.startsWith('config.') && rows.some((row) => row[place] !== rows[0]?.[place])
  )
  const part = (row: readonly Cell[], of: typeof columns) =>
    Object.fromEntries(of.map(({ name, place }) => [name, row[place] ?? null]))
  return rows.map((row): SweepRun => {
    const own = Object.fromEntries(Object.entries(part(row, figures)).filter(([, value]) => value !== null))
    const number = (name: string) => (typeof own[name] === 'number' ? own[name] : null)
    return {
      id: String(row[0] ?? ''),
      kind: String(row[1] ?? ''),
      varied: part(row, varied),
      settings: part(row, settings),
      size: {
        total: number('total') ?? Number.NaN,
        active: number('active') ?? Number.NaN,
        flops: number('flops')
      },
      state: { kind: 'whole' },
      figures: own,
      training: undefined,
      curve: []
    }
  })
}

/** A table has figures after settings, but settings of later runs after figures: they are told by their names. */
function isFigure(name: string): boolean {
  return /^(total|active|flops|loss|floor|steps|characters|seconds|backend|threads|machine|bytes|delta|standard_error|tokens|refused|(loss|delta|bytes|version|right|decode|prefill)_.*)$/.test(
    name
  )
}

function cellOf(text: string): Cell {
  if (text === '') return null
  if (text === 'true' || text === 'false') return text === 'true'
  const value = Number(text)
  return Number.isFinite(value) && text.trim() !== '' ? value : text
}
