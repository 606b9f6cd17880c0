/** Records at a moment of their course, an argument from 0 to 1: forwards and backwards alike. */
import type { LinesRecord, LoadsRecord, StoryRecord } from './records'

/**
 * The part of a record that is told by a moment: all of it at 1, and of a record that stands still at any. At 0 a text is
 * its prompt, and a line its first point.
 */
export function recordAt<Told extends StoryRecord>(record: Told, moment: number): Told
export function recordAt(record: StoryRecord, moment: number): StoryRecord {
  if (record.seconds === 0 || moment >= 1) return record.kind === 'loads' ? lastFrame(record) : record
  switch (record.kind) {
    case 'texts': {
      const longest = Math.max(...record.models.map(({ tokens }) => tokens.length))
      const told = Math.floor(moment * (longest + 1))
      return { ...record, models: record.models.map((model) => ({ ...model, tokens: model.tokens.slice(0, told) })) }
    }
    case 'lines':
      return {
        ...record,
        series: record.series.map((series) => ({ ...series, points: pointsUntil(record, series, moment) }))
      }
    case 'bars': {
      const told = Math.min(record.rows.length, 1 + Math.floor(moment * record.rows.length))
      return { ...record, rows: record.rows.slice(0, told) }
    }
    case 'loads': {
      const frame = record.frames[Math.floor(moment * record.frames.length)]
      return frame ? { ...record, frames: [frame] } : lastFrame(record)
    }
    case 'figure':
    case 'meters':
    case 'sources':
      return record
  }
}

function lastFrame(record: LoadsRecord): LoadsRecord {
  return { ...record, frames: record.frames.slice(-1) }
}

/** Points up to where the moment is along the whole axis; a line ends there, between its points by its axes' scales. */
function pointsUntil({ x, y, series: all }: LinesRecord, series: LinesRecord['series'][number], moment: number) {
  const on = ({ scale }: LinesRecord['x'], value: number) => (scale === 'log' ? Math.log(value) : value)
  const from = ({ scale }: LinesRecord['x'], value: number) => (scale === 'log' ? Math.exp(value) : value)
  const places = all.flatMap(({ points }) => points.map((point) => on(x, point.x)))
  const [least, most] = [Math.min(...places), Math.max(...places)]
  const until = least + moment * (most - least)
  const told = series.points.filter((point) => on(x, point.x) <= until)
  const [last, next] = [told.at(-1), series.points[told.length]]
  if (series.mark === 'points' || !last || !next) return told
  const part = (until - on(x, last.x)) / (on(x, next.x) - on(x, last.x))
  if (!(part > 0)) return told
  const between = (axis: LinesRecord['x'], a: number, b: number) =>
    from(axis, on(axis, a) + part * (on(axis, b) - on(axis, a)))
  return [...told, { x: from(x, until), y: between(y, last.y, next.y) }]
}
