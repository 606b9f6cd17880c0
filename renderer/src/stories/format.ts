import type { ValueFormat } from '@core/stories/records'
import { formatChange, formatCount, formatLoss, formatPercent, formatRatio } from '../charts/format'
import { formatBytes } from '../charts/format-large'

/** A value as its record wants it written. */
export function valueText(format: ValueFormat, value: number): string {
  switch (format) {
    case 'count':
      return formatCount(value)
    case 'loss':
      return formatLoss(value)
    case 'change':
      return formatChange(value)
    case 'percent':
      return formatPercent(value)
    case 'ratio':
      return formatRatio(value)
    case 'bytes':
      return formatBytes(value)
    case 'year':
      return String(Math.round(value))
    case 'number':
      return Number(value.toPrecision(Math.abs(value) < 1000 ? 3 : 4)).toLocaleString('en')
  }
}

/** A number of things, whose name takes an s: `1 chapter`, `2 chapters`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
