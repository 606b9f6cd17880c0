/** The table of a sweep: a row for each run that is whole, with every setting and figure. */
import { type Cell, runSettings } from '@core/lab/sweep/settings'
import type { ListedRun, SweepFolder } from './folder'
import { sweepKind } from './kinds'

export interface ResultRow {
  readonly run: ListedRun
  readonly settings: Readonly<Record<string, Cell>>
  readonly figures: Readonly<Record<string, Cell>>
}

/** The row of a run that is whole. Throws a `FormatError` when its result is missing or damaged. */
export async function resultRow(run: ListedRun, { runs }: Pick<SweepFolder, 'runs'>): Promise<ResultRow> {
  const figures = await sweepKind(run.kind).figures(runs.files(run.id), run.size)
  return { run, settings: runSettings(run), figures }
}

/** Writes `results.csv` and `results.parquet`. Throws a `FailureError` when they cannot be written. */
export async function writeResults(rows: readonly ResultRow[], { write }: Pick<SweepFolder, 'write'>): Promise<void> {
  const columns = columnsOf(rows)
  await write('results.csv', csvOf(columns, rows.length))
  await write('results.parquet', await parquetOf(columns))
}

interface Column {
  readonly name: string
  readonly values: readonly Cell[]
}

/** Run and kind, then settings and figures in the order in which they come up. */
function columnsOf(rows: readonly ResultRow[]): Column[] {
  const flat = rows.map(
    ({ run, settings, figures }): Readonly<Record<string, Cell>> => ({
      run: run.id,
      kind: run.kind,
      ...settings,
      ...figures
    })
  )
  const names = new Set(flat.flatMap((row) => Object.keys(row)))
  return [...names].map((name) => ({ name, values: flat.map((row) => row[name] ?? null) }))
}

/** RFC 4180, with a line feed after each row; what is not there is empty. */
function csvOf(columns: readonly Column[], rows: number): string {
  const field = (value: Cell) => {
    const text = value === null ? '' : String(value)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = Array.from({ length: rows }, (_, i) => columns.map(({ values }) => field(values[i] ?? null)).join(','))
  return [columns.map(({ name }) => field(name)).join(','), ...lines, ''].join('\n')
}

async function parquetOf(columns: readonly Column[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer/src/index.js')
  return new Uint8Array(parquetWriteBuffer({ columnData: columns.map(parquetColumn) }))
}

/** A column of one type; one of several is text. */
function parquetColumn({ name, values }: Column) {
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value))
  const [type] = types
  if (types.size === 1 && type === 'number') return { name, data: [...values], type: 'DOUBLE' as const, nullable: true }
  if (types.size === 1 && type === 'boolean')
    return { name, data: [...values], type: 'BOOLEAN' as const, nullable: true }
  const data = values.map((value) => (value === null ? null : String(value)))
  return { name, data, type: 'STRING' as const, nullable: true }
}
