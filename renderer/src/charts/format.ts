/** Numbers as the screen writes them, with units; a no-break space before each unit. */

/** 1240 is `1.24 k`, 106000 `106 k`, 579000 `579 k`: three figures of the largest unit that leaves one before the point. */
export function formatCount(value: number): string {
  const [unit, size] = units.find(([, each]) => value >= 0.9995 * each) ?? ['', 1]
  return size === 1 ? String(Math.round(value)) : `${Number((value / size).toPrecision(3))}\u00a0${unit}`
}

const units: readonly (readonly [string, number])[] = [
  ['T', 1e12],
  ['B', 1e9],
  ['M', 1e6],
  ['k', 1e3]
]

/** Every digit, grouped: `106,176`. */
export function formatExact(value: number): string {
  return Math.round(value).toLocaleString('en')
}

/** Tokens per second: three figures and no more, grouped. */
export function formatSpeed(value: number): string {
  return oneDecimal.format(Number(value.toPrecision(3)))
}

// Kept: making one takes longer than using it a hundred times, and speeds change in every frame.
const oneDecimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

/** Nats per character. */
export function formatLoss(value: number): string {
  return value.toFixed(3)
}

/** A probability: `97 %`, `3.1 %`, `<0.1 %`. */
export function formatPercent(part: number): string {
  if (part > 0 && part < 0.001) return '<0.1\u00a0%'
  return `${part >= 0.0995 ? (100 * part).toFixed(0) : (100 * part).toFixed(1)}\u00a0%`
}

/** A ratio: `3.8×`, `5,392×`. */
export function formatRatio(ratio: number): string {
  return `${ratio >= 9.95 ? formatExact(ratio) : ratio.toFixed(1)}×`
}

/** A character that can be seen also where it is a space or the end of a line. */
export function visible(text: string): string {
  return text.replaceAll('\n', '⏎').replaceAll(' ', '␣')
}

/** A time: `40 s`, `3 min`, `1.5 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))}\u00a0s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)}\u00a0min`
  return `${(seconds / 3600).toFixed(1)}\u00a0h`
}

/** A correlation, or whatever lies between -1 and 1: `−0.10`. */
export function formatSigned(value: number): string {
  return value.toFixed(2).replace('-', '−')
}

/** A change of a loss, in nats: `+0.022`, `−0.001`, `0.000`. */
export function formatChange(change: number): string {
  if (Math.abs(change) < 0.0005) return '0.000'
  return `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(3)}`
}
