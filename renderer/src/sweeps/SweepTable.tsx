import type { SweepRun } from '@core/lab/sweep/read-run'
import { type KeyboardEvent, memo, useLayoutEffect, useRef, useState } from 'react'
import { formatExact } from '../charts/format'
import { useMainHeight } from '../charts/use-size'
import { useApp } from '../state/app'
import { attempt } from '../state/attempt'
import field from '../ui/Field.module.css'
import { Panel } from '../ui/Panel'
import { useTextScale } from '../ui/use-appearance'
import { compareRun } from './models'
import styles from './SweepTable.module.css'
import type { PictureProps } from './SweepView'
import { filterProblem, type SweepColumn } from './table'
import { useSweepChoices } from './use-sweep'
import { cellText, stateText } from './words'

/** Rows that are drawn above and below those in sight. */
const spareRows = 8
const rowRem = 1.75

/** One row for each run, filtered and sorted. */
export function SweepTable(props: PictureProps) {
  const { sweep, columns, rows } = props
  const [{ filter }, choose] = useSweepChoices()
  const problem = filterProblem(filter, columns)
  return (
    <Panel
      title="Runs"
      aside={
        <span className={styles.aside}>
          <output>
            {rows.length === sweep.runs.length
              ? formatExact(rows.length)
              : `${formatExact(rows.length)} of ${formatExact(sweep.runs.length)}`}
          </output>
          <input
            type="search"
            className={field.field}
            aria-label="Filter of the runs"
            placeholder="moe width=32 loss<3"
            title="Words that a row holds, or comparisons of a column: =, !=, <, <=, >, >="
            value={filter}
            onChange={(event) => choose({ filter: event.currentTarget.value })}
          />
        </span>
      }
    >
      {problem && <p className={styles.problem}>{problem}</p>}
      {rows.length === 0 ? <p className={styles.none}>No run meets the filter.</p> : <Grid {...props} />}
    </Panel>
  )
}

function Grid({ columns, rows, pointed, onPoint }: PictureProps) {
  const app = useApp()
  const [{ sort, down, run: chosen }, choose] = useSweepChoices()
  const box = useRef<HTMLDivElement>(null)
  const rowHeight = rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  // Drawn anew where the size of the text changes.
  useTextScale()
  const [top, setTop] = useState(0)
  const inSight = Math.min(rows.length, Math.max(8, Math.floor(useMainHeight() / rowHeight)))
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight), rows.length - inSight) - spareRows)
  const last = Math.min(rows.length, first + inSight + 2 * spareRows + 1)
  const place = rows.findIndex(({ id }) => id === chosen)
  useLayoutEffect(() => {
    const { current } = box
    if (!current || place < 0) return
    // The heading stays in sight, one row high.
    const [above, below] = [place * rowHeight, (place + 2) * rowHeight - current.clientHeight]
    if (current.scrollTop > above) current.scrollTop = above
    else if (current.scrollTop < below) current.scrollTop = below
  }, [place, rowHeight])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return
    const run = rows[place]
    if (event.key === 'Enter' && run) {
      attempt(app, () => compareRun(app, run))
      return
    }
    const next = nextPlace(event.key, place, rows.length, inSight)
    if (next === undefined) return
    event.preventDefault()
    choose({ run: rows[next]?.id ?? '' })
  }
  return (
    <div
      ref={box}
      className={styles.box}
      style={{ maxHeight: `calc(${(inSight + 1) * rowHeight}px + 1.25rem)` }}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <table
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- the arrow keys go through its rows
        role="grid"
        aria-label="Runs of the sweep"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={place >= first && place < last ? idOf(place) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerLeave={() => onPoint(undefined)}
      >
        <thead>
          <tr aria-rowindex={1} style={{ height: rowHeight }}>
            {columns.map(({ id, label, isNumber }) => (
              <th
                key={id}
                scope="col"
                data-number={isNumber || undefined}
                aria-sort={sort === id ? (down ? 'descending' : 'ascending') : undefined}
              >
                <button
                  type="button"
                  title={id}
                  onClick={() =>
                    choose(sort === id && down ? { sort: '', down: false } : { sort: id, down: sort === id })
                  }
                >
                  {label}
                  <span aria-hidden="true">{sort === id ? (down ? ' ↓' : ' ↑') : ''}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr aria-hidden="true" style={{ height: first * rowHeight }} />}
          {rows.slice(first, last).map((run, i) => (
            <Row
              key={run.id}
              run={run}
              columns={columns}
              place={first + i}
              height={rowHeight}
              isChosen={first + i === place}
              isPointed={run.id === pointed}
              onPoint={onPoint}
              onChoose={(id) => choose({ run: id })}
            />
          ))}
          {last < rows.length && <tr aria-hidden="true" style={{ height: (rows.length - last) * rowHeight }} />}
        </tbody>
      </table>
    </div>
  )
}

function nextPlace(key: string, place: number, count: number, inSight: number): number | undefined {
  const next = {
    ArrowDown: place + 1,
    ArrowUp: place - 1,
    PageDown: place + inSight,
    PageUp: place - inSight,
    Home: 0,
    End: count - 1
  }[key]
  return next === undefined ? undefined : Math.min(count - 1, Math.max(0, next))
}

function idOf(place: number): string {
  return `sweep-row-${place}`
}

interface RowProps {
  readonly run: SweepRun
  readonly columns: readonly SweepColumn[]
  readonly place: number
  readonly height: number
  readonly isChosen: boolean
  readonly isPointed: boolean
  readonly onPoint: (run: string | undefined) => void
  readonly onChoose: (run: string) => void
}

const Row = memo(
  function Row({ run, columns, place, height, isChosen, isPointed, onPoint, onChoose }: RowProps) {
    return (
      // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid's arrow keys choose rows, too
      <tr
        id={idOf(place)}
        aria-rowindex={place + 2}
        aria-selected={isChosen}
        data-pointed={isPointed || undefined}
        data-state={run.state.kind}
        style={{ height }}
        onPointerEnter={() => onPoint(run.id)}
        onClick={() => onChoose(run.id)}
      >
        {columns.map(({ id, isNumber, valueOf }) => {
          const value = valueOf(run)
          return (
            <td key={id} data-number={isNumber || undefined} title={value === null ? undefined : String(value)}>
              {id === 'state' ? stateText(run.state) : cellText(id, value)}
            </td>
          )
        })}
      </tr>
    )
  },
  (before, after) =>
    before.run === after.run &&
    before.columns === after.columns &&
    before.place === after.place &&
    before.height === after.height &&
    before.isChosen === after.isChosen &&
    before.isPointed === after.isPointed
)
