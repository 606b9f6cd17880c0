/** The table of a sweep: a row for each run that is whole, with every setting and figure. */
import { FormatError } from '@core/formats/format-error'
import { parseJson } from '@core/formats/json'
import { parsedBy } from '@core/formats/problems'
import { onceForPart } from '@core/lab/sweep/parts'
import { type Cell, cellSchema, runSettings, settingsOf } from '@core/lab/sweep/settings'
import { z } from 'zod'
import { forEachAtOnce } from '../terminal/children'
import { jsonLines } from '../terminal/json-lines'
import type { ListedRun, SweepFolder } from './folder'
import { sweepKind } from './kinds'

export interface ResultRow {
  readonly run: ListedRun
  readonly settings: Readonly<Record<string, Cell>>
  readonly figures: Readonly<Record<string, Cell>>
}

const settingsOfPart = onceForPart((part, place) => settingsOf(part, place))

function settingsOfRun(run: ListedRun): ResultRow['settings'] {
  return runSettings(run, settingsOfPart)
}

/** The row of a run that is whole. Throws a `FormatError` when its result is missing or damaged. */
export async function resultRow(run: ListedRun, { runs }: Pick<SweepFolder, 'runs'>): Promise<ResultRow> {
  return rowOf(run, await sweepKind(run.kind).figures(runs.files(run.id), run.size))
}

function rowOf(run: ListedRun, figures: ResultRow['figures']): ResultRow {
  return { run, settings: settingsOfRun(run), figures }
}

/** A row of which nothing is read before it is asked for: of a hundred thousand most are only counted. */
function keptRow(run: ListedRun, read: () => ResultRow['figures']): ResultRow {
  return {
    run,
    get settings() {
      return settingsOfRun(run)
    },
    get figures() {
      return read()
    }
  }
}

/** The rows of all runs that are whole, by id. Throws as `resultRow`. */
export async function wholeRows(list: readonly ListedRun[], folder: SweepFolder): Promise<Map<string, ResultRow>> {
  return (await readRows(list, folder)).rows
}

/** The rows of all runs that are whole, and the ids of the rows that are in the table. Throws as `resultRow`. */
export async function readRows(
  list: readonly ListedRun[],
  folder: SweepFolder
): Promise<{ readonly rows: Map<string, ResultRow>; readonly tabled: ReadonlySet<string> }> {
  const kept = await keptFigures(folder)
  const rows = new Map<string, ResultRow>()
  const untabled: ListedRun[] = []
  for (const run of await wholeAmong(list, folder, kept)) {
    const figures = kept.get(run.id)
    if (figures) rows.set(run.id, keptRow(run, figures))
    else untabled.push(run)
  }
  await forEachAtOnce(readAtOnce, untabled, async (run) => void rows.set(run.id, await resultRow(run, folder)))
  return { rows, tabled: new Set(kept.keys()) }
}

/** The ids of all runs that are whole. */
export async function wholeIds(list: readonly ListedRun[], folder: SweepFolder): Promise<Set<string>> {
  const whole = await wholeAmong(list, folder, await keptFigures(folder))
  return new Set(whole.map(({ id }) => id))
}

async function wholeAmong(
  list: readonly ListedRun[],
  { runs, finished }: SweepFolder,
  kept: ReadonlyMap<string, unknown>
): Promise<ListedRun[]> {
  const begun = new Set(await runs.ids())
  const candidates = list.filter(({ id }) => begun.has(id))
  const untabled = candidates.filter(({ id }) => !kept.has(id))
  const whole = new Set(candidates)
  await forEachAtOnce(readAtOnce, untabled, async (run) => {
    if (!(await finished(run.id))) whole.delete(run)
  })
  return [...whole]
}

const readAtOnce = 16

/** Figures that are in the table already: what a run leaves never changes, so none is read twice. */
const keptName = 'rows.jsonl'

const keptSchema = z.object({ run: z.string(), figures: z.record(z.string(), cellSchema) })

const lineFeed = 10

/** Bytes of a line in which its id ends, of which the stem has 40 at most. */
const mostOfId = 100

/** Of each run in the table what reads its figures, which throws a `FormatError` where they are damaged. */
async function keptFigures({ read, pathOf }: SweepFolder): Promise<Map<string, () => ResultRow['figures']>> {
  const bytes = await read(keptName)
  if (!bytes) return new Map()
  const where = `${pathOf(keptName)}: remove this file`
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept = new Map<string, () => ResultRow['figures']>()
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    const found = text.indexOf(lineFeed, start)
    end = found < 0 ? text.length : found
    const line = text.subarray(start, end)
    const [, id] = /^\{"run":"([^"]+)",/.exec(line.toString('latin1', 0, mostOfId)) ?? []
    if (id === undefined) throw new FormatError(`${where}: expected a run in each line`)
    kept.set(id, () => parsedBy(keptSchema, parseJson(line.toString(), where), `${where}: `).figures)
  }
  return kept
}

/** True where the table, whose rows have the ids `tabled`, is there and has exactly these rows. */
export async function isTabled(
  rows: readonly ResultRow[],
  tabled: ReadonlySet<string>,
  { read }: Pick<SweepFolder, 'read'>
): Promise<boolean> {
  return (
    tabled.size === rows.length &&
    rows.every(({ run }) => tabled.has(run.id)) &&
    (await read('results.csv')) !== undefined
  )
}

/** Writes `results.csv`, `results.parquet` and `rows.jsonl`. Throws a `FailureError` when they cannot be written. */
export async function writeResults(rows: readonly ResultRow[], { write }: Pick<SweepFolder, 'write'>): Promise<void> {
  const columns = columnsOf(rows)
  await write('results.csv', csvOf(columns, rows.length))
  await write('results.parquet', await parquetOf(columns))
  await write(keptName, jsonLines(rows.map(({ run, figures }) => ({ run: run.id, figures }))))
}

interface Column {
  readonly name: string
  readonly values: readonly Cell[]
}

/** Run and kind, then settings and figures in the order in which they come up. */
function columnsOf(rows: readonly ResultRow[]): Column[] {
  const columns = new Map<string, Cell[]>()
  for (const [place, { run, settings, figures }] of rows.entries()) {
    for (const cells of [{ run: run.id, kind: run.kind }, settings, figures]) {
      for (const [name, cell] of Object.entries(cells)) {
        const values = columns.get(name) ?? new Array<Cell>(rows.length).fill(null)
        values[place] = cell
        columns.set(name, values)
      }
    }
  }
  return [...columns].map(([name, values]) => ({ name, values }))
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
