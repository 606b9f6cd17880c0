import type { LawFigure, LawFigures, Within } from '@core/scaling/laws'
import { omittedText } from '@core/scaling/laws/omitted'
import { tableLines } from '../terminal/table'
import type { Terminal } from '../terminal/terminal'
import type { Asked } from './answer'

/** Table of all laws' figures. */
export function lawsText(asked: readonly Asked[], { paint }: Terminal): string {
  const [heading = '', ...lines] = tableLines([
    ['law', 'loss', 'best size', 'best tokens', 'effective', 'provenance', 'fitted region'],
    ...asked.map(({ law, figures, within }) => [
      law.id,
      figureText(figures, 'loss', law.approximate),
      figureText(figures, 'optimalParameters', law.approximate),
      figureText(figures, 'optimalTokens', law.approximate),
      figureText(figures, 'effectiveParameters', law.approximate),
      law.provenance,
      within
    ])
  ])
  const painted = lines.map((line, i) => (asked[i]?.within === 'inside' ? line : paint.dim(line)))
  return `${[
    paint.dim(heading),
    ...painted,
    '',
    "Losses are nats per token of each paper's own text: they compare within a law, never between two.",
    'Each counts parameters in its own way; ~ marks rounded constants. moescope laws --law ID tells more of one.',
    omittedText
  ].join('\n')}\n`
}

/** Figures of one law, with its formula, source and region. */
export function lawText({ law, figures, within, ignored }: Asked, { paint }: Terminal): string {
  const rows = (Object.keys(names) as LawFigure[])
    .filter((figure) => figures[figure] !== undefined)
    .map((figure) => [names[figure], figureText(figures, figure, law.approximate)])
  const [first = '', ...others] = tableLines(rows)
  const about = Object.entries({
    formula: law.formula,
    parameters: law.counts,
    source: law.source,
    provenance: law.provenance,
    note: law.note,
    [places[within]]: law.region.source,
    'without effect here': ignored.length > 0 ? ignored.join(', ') : undefined
  }).flatMap(([title, text]) => (text === undefined ? [] : [`${paint.dim(`${title}:`)} ${text}`]))
  return `${[`${law.name} (${law.id})`, '', paint.bold(first), ...others, '', ...about].join('\n')}\n`
}

const places: Readonly<Record<Within, string>> = {
  inside: 'inside the fitted region',
  outside: 'outside the fitted region',
  unknown: 'perhaps outside the fitted region'
}

const names: Readonly<Record<LawFigure, string>> = {
  loss: 'loss, nats per token',
  effectiveParameters: 'effective parameters',
  effectiveTokens: 'effective tokens',
  optimalParameters: 'best size',
  optimalTokens: 'best tokens',
  tokensPerParameter: 'best tokens per parameter',
  lifetimeFlops: 'FLOPs of training and inference',
  optimalLifetimeFlops: 'the same at the best size',
  publishedCutoff: 'no gain beyond, as published'
}

function figureText(figures: LawFigures, figure: LawFigure, approximate: boolean): string {
  const value = figures[figure]
  if (value === undefined) return ''
  return `${approximate && figure !== 'publishedCutoff' ? '~' : ''}${textOf(figure, value)}`
}

function textOf(figure: LawFigure, value: number): string {
  switch (figure) {
    case 'loss':
      return value.toFixed(3)
    case 'tokensPerParameter':
      return value.toPrecision(3)
    case 'lifetimeFlops':
    case 'optimalLifetimeFlops':
      return value.toExponential(2)
    default:
      return amountText(value)
  }
}

/** A number of parameters or tokens in three digits: `70.0 B`, `1.40 T`. */
export function amountText(value: number): string {
  // The limits are where three digits would round up to the next unit.
  const [unit, name] = (
    [
      [1e12, 'T'],
      [1e9, 'B'],
      [1e6, 'M'],
      [1e3, 'k']
    ] as const
  ).find(([unit]) => value >= 0.9995 * unit) ?? [1, '']
  const scaled = value / unit
  const decimals = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0
  return `${scaled.toFixed(decimals)} ${name}`.trimEnd()
}
