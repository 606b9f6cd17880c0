/** A figure drawn as a bar of characters. */
export interface Meter {
  readonly value: number
  /** Ends of its interval. */
  readonly low: number
  readonly high: number
}

/** Maps a value to 0..1; the bar begins at 0. */
export type Scale = (value: number) => number

/** A logarithmic scale over all values, between round numbers (1, 2 or 5 times a power of ten), which it returns. */
export function logScale(values: readonly number[]): { readonly scale: Scale; readonly ticks: readonly number[] } {
  const [least, most] = [Math.min(...values) / 1.5, Math.max(...values)]
  const rounds = Array.from({ length: 16 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat()
  const low = rounds.findLast((each) => each <= least) ?? 1
  const high = rounds.find((each) => each >= most) ?? most
  const span = Math.log(high / low)
  return { scale: (value) => Math.log(value / low) / span, ticks: rounds.filter((each) => each >= low && each <= high) }
}

/** The bar: whole up to the value, which is a dot, with its interval as a thin line. */
export function meterText({ value, low, high }: Meter, scale: Scale, cells: number): string {
  const cellOf = (at: number) => Math.min(cells - 1, Math.max(0, Math.round(scale(at) * (cells - 1))))
  const [from, at, to] = [cellOf(low), cellOf(value), cellOf(high)]
  const signs = Array.from({ length: cells }, (_, cell) => {
    if (cell === at) return '●'
    if (cell === from && from < at) return '├'
    if (cell === to && to > at) return '┤'
    if (cell > from && cell < to) return '─'
    return cell < at ? '━' : ' '
  })
  return signs.join('')
}

/** Marks of a scale under its bars, each label where its value lies; labels that would touch are left out. */
export function axisText(
  ticks: readonly number[],
  labelOf: (tick: number) => string,
  scale: Scale,
  cells: number
): string {
  let line = ''
  for (const tick of ticks) {
    const label = labelOf(tick)
    const centre = Math.round(scale(tick) * (cells - 1))
    const begin = Math.min(cells - label.length, Math.max(0, centre - Math.floor(label.length / 2)))
    if (begin > line.length || (line === '' && begin === 0)) line = line.padEnd(begin) + label
  }
  return line
}
