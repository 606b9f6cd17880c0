/** The table of a sweep: its columns, and the rows that are asked for, in the order that is asked for. */
import type { SweepRun } from '@core/lab/sweep/read-run'
import type { Cell } from '@core/lab/sweep/settings'

export interface SweepColumn {
  readonly id: string
  /** The last part of a setting's path, or as much of it as tells it from the others. */
  readonly label: string
  readonly isNumber: boolean
  readonly valueOf: (run: SweepRun) => Cell
}

/** Figures that have a column where any run has them, in this order. */
const figures = ['loss', 'delta', 'total', 'active', 'bytes', 'flops', 'seconds', 'loss_memory', 'loss_computation']

/** The settings that differ, then the state where not all runs are whole, then the figures. */
export function columnsOf(runs: readonly SweepRun[]): SweepColumn[] {
  const paths = [...new Set(runs.flatMap(({ varied }) => Object.keys(varied)))].filter(
    (path) => new Set(runs.map(({ varied }) => JSON.stringify(varied[path] ?? null))).size > 1
  )
  const settings = paths.map((path) => column(path, shortest(path, paths), runs, ({ varied }) => varied[path] ?? null))
  const measured = figures
    .filter((name) => runs.some((run) => figureOf(run, name) !== null))
    .map((name) =>
      column(name, name === 'flops' ? 'FLOPs' : name.replaceAll('_', ' '), runs, (run) => figureOf(run, name))
    )
  const isWhole = runs.every(({ state }) => state.kind === 'whole')
  const state = isWhole ? [] : [column('state', 'state', runs, (run) => run.state.kind)]
  return [...settings, ...state, ...measured]
}

function column(id: string, label: string, runs: readonly SweepRun[], valueOf: SweepColumn['valueOf']): SweepColumn {
  return { id, label, isNumber: runs.some((run) => typeof valueOf(run) === 'number'), valueOf }
}

/** A figure of a run; sizes and FLOPs are known before it is whole. */
export function figureOf({ figures, size }: SweepRun, name: string): Cell {
  const known = figures[name] ?? (name in size ? size[name as keyof typeof size] : null)
  return typeof known === 'number' && !Number.isFinite(known) ? null : known
}

function shortest(path: string, all: readonly string[]): string {
  const parts = path.split('.')
  for (let count = 1; count < parts.length; count++) {
    const label = parts.slice(-count).join('.')
    if (all.every((other) => other === path || !`.${other}`.endsWith(`.${label}`))) return label
  }
  return path
}

/** A term of a filter: a word that a cell holds, or a comparison with a column. */
type Term =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'comparison'; readonly column: SweepColumn; readonly sign: string; readonly value: string }

/** The part of a filter that cannot be read, in a sentence; undefined where all of it can. */
export function filterProblem(filter: string, columns: readonly SweepColumn[]): string | undefined {
  const term = termsIn(filter).find(([, name]) => name !== undefined && !columnNamed(name, columns))
  return term && `No column is called ${term[1]}: there are ${columns.map(({ label }) => label).join(', ')}.`
}

/** The runs that meet every term of a filter: `moe width=32 loss<3`. A comparison with an unknown column says nothing. */
export function filtered(
  runs: readonly SweepRun[],
  columns: readonly SweepColumn[],
  filter: string
): readonly SweepRun[] {
  const terms = termsIn(filter).flatMap(([word, name, sign = '', value = '']): Term[] => {
    if (name === undefined) return [{ kind: 'word', word: word.toLowerCase() }]
    const found = columnNamed(name, columns)
    return found ? [{ kind: 'comparison', column: found, sign, value }] : []
  })
  if (terms.length === 0) return runs
  return runs.filter((run) =>
    terms.every((term) =>
      term.kind === 'comparison'
        ? compares(term.column.valueOf(run), term.sign, term.value)
        : `${run.id} ${columns.map((each) => textOf(each.valueOf(run))).join(' ')}`.toLowerCase().includes(term.word)
    )
  )
}

type Match = readonly [term: string, name?: string, sign?: string, value?: string]

function termsIn(filter: string): Match[] {
  const words = filter.trim().split(/\s+/).filter(Boolean)
  return words.map((word) => {
    const [, name, sign, value] = /^([^<>=!]+)(<=|>=|!=|<|>|=)(.+)$/.exec(word) ?? []
    return name === undefined ? [word] : [word, name, sign ?? '', value ?? '']
  })
}

function columnNamed(name: string, columns: readonly SweepColumn[]): SweepColumn | undefined {
  const wanted = name.toLowerCase().replaceAll('_', ' ')
  return columns.find(({ id, label }) => [id, label].some((each) => each.toLowerCase().replaceAll('_', ' ') === wanted))
}

function compares(cell: Cell, sign: string, text: string): boolean {
  const number = Number(text)
  if (typeof cell === 'number' && Number.isFinite(number)) {
    switch (sign) {
      case '<':
        return cell < number
      case '<=':
        return cell <= number
      case '>':
        return cell > number
      case '>=':
        return cell >= number
      default:
        return (cell === number) === (sign === '=')
    }
  }
  const isSame = textOf(cell).toLowerCase() === text.toLowerCase()
  return sign === '=' ? isSame : sign === '!=' ? !isSame : false
}

/** Rows by a column: numbers by size, text by its letters, what is not there last in either order. */
export function sorted(
  runs: readonly SweepRun[],
  columns: readonly SweepColumn[],
  by: string,
  down: boolean
): readonly SweepRun[] {
  const found = columns.find(({ id }) => id === by)
  if (!found) return runs
  const sign = down ? -1 : 1
  return runs.toSorted((a, b) => {
    const [one, other] = [found.valueOf(a), found.valueOf(b)]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    if (typeof one === 'number' && typeof other === 'number') return sign * (one - other)
    return sign * textOf(one).localeCompare(textOf(other), 'en', { numeric: true })
  })
}

function textOf(cell: Cell): string {
  return cell === null ? '' : String(cell)
}
