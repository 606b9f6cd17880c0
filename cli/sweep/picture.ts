/** Pictures of the runs of a sweep, as SVG that stands for itself. */
import { extent, scaleLinear, scaleLog } from 'd3'

export interface PicturePoint {
  readonly x: number
  readonly y: number
  /** Of several seeds; absent for one. */
  readonly deviation?: number
  /** Dense models are blue and MoE models orange, as everywhere. */
  readonly series: 'dense' | 'MoE'
}

export interface Picture {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  /** With a logarithmic axis, all x are above 0. */
  readonly xScale: 'log' | 'linear'
  readonly points: readonly PicturePoint[]
  /** A value of y that is known to be the least, and its name. */
  readonly floor?: { readonly value: number; readonly name: string }
}

const [width, height] = [640, 400]
const margin = { top: 40, right: 24, bottom: 48, left: 64 }
const lineHeight = 16

/** Okabe and Ito's blue and vermilion, which people with colour blindness tell apart; the shapes differ, too. */
const colours = { dense: '#0072B2', MoE: '#D55E00' } as const

/** Draws points with the spread of their seeds; the two kinds are named where there are both. */
export function pictureSvg({ title, xLabel, yLabel, xScale, points, floor }: Picture): string {
  const series = [...new Set(points.map((point) => point.series))]
  const legend = series.length > 1 ? series.length * lineHeight + 8 : 0
  const [plotRight, plotBottom] = [width - margin.right, height - margin.bottom]
  const x = (xScale === 'log' ? scaleLog() : scaleLinear())
    .domain(padded(extentOf(points.map((point) => point.x)), xScale))
    .range([margin.left, plotRight])
  const ys = points.flatMap(({ y, deviation = 0 }) => [y - deviation, y + deviation])
  const [low, high] = extentOf(ys)
  // Far below the losses it would leave no room to tell them apart.
  const isNear = floor !== undefined && floor.value > low - (high - low)
  const y = scaleLinear()
    .domain(padded(isNear ? [Math.min(low, floor.value), high] : [low, high], 'linear'))
    .range([plotBottom, margin.top])
    .nice()
  const ticks = [
    ...x.ticks(6).map((tick) => {
      const at = x(tick)
      const text = xScale === 'log' && !isRound(tick) ? '' : amount(tick)
      return line(at, margin.top, at, plotBottom, grid) + words(at, plotBottom + 18, text, 'middle')
    }),
    ...y.ticks(6).map((tick) => {
      const at = y(tick)
      return line(margin.left, at, plotRight, at, grid) + words(margin.left - 8, at + 4, amount(tick), 'end')
    })
  ]
  const marks = points.map(({ x: px, y: py, deviation, series: of }) => {
    const [cx, cy] = [x(px), y(py)]
    const bar = deviation
      ? line(cx, y(py - deviation), cx, y(py + deviation), `stroke="${colours[of]}" stroke-width="1.5"`)
      : ''
    return bar + mark(of, cx, cy)
  })
  const names = series.map((name, i) => {
    const at = height + i * lineHeight + 4
    return mark(name, margin.left + 6, at - 4) + words(margin.left + 18, at, name)
  })
  const floorText = floor && `${floor.name} ${floor.value.toFixed(3)}`
  const least = !floor
    ? ''
    : isNear
      ? line(margin.left, y(floor.value), plotRight, y(floor.value), 'stroke="#555" stroke-dasharray="4 3"') +
        words(plotRight, y(floor.value) - 5, floorText ?? '', 'end')
      : words(plotRight, 22, `${floorText}, below the picture`, 'end')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height + legend}" width="${width}" height="${height + legend}" font-family="system-ui, sans-serif" font-size="12" fill="#222" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    words(margin.left, 22, title, 'start', 'font-size="14" font-weight="600"'),
    ...ticks,
    words((margin.left + plotRight) / 2, height - 10, xLabel, 'middle'),
    words(0, 0, yLabel, 'middle', `transform="translate(16 ${(margin.top + plotBottom) / 2}) rotate(-90)"`),
    least,
    ...marks,
    ...(legend > 0 ? names : []),
    '</svg>',
    ''
  ].join('\n')
}

const grid = 'stroke="#ddd"'

function extentOf(values: readonly number[]): [number, number] {
  const [low = 0, high = 1] = extent(values)
  return [low, high]
}

/** A twentieth more to either side; a single value stands in the middle. */
function padded([low, high]: [number, number], scale: 'log' | 'linear'): [number, number] {
  if (scale === 'log') {
    const factor = low === high ? 2 : (high / low) ** 0.05
    return [low / factor, high * factor]
  }
  const room = low === high ? Math.abs(low) / 10 || 1 : (high - low) / 20
  return [low - room, high + room]
}

/** True of 1, 2 and 5 times a power of ten: the other ticks of a logarithmic axis have no room for a name. */
function isRound(value: number): boolean {
  return [1, 2, 5].includes(Number((value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toPrecision(6)))
}

function amount(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e12 || size < 1e-3)) return value.toExponential(0).replace('e+', 'e')
  for (const [unit, name] of [
    [1e9, ' B'],
    [1e6, ' M'],
    [1e3, ' k']
  ] as const) {
    if (size >= unit) return `${Number((value / unit).toPrecision(3))}${name}`
  }
  return String(Number(value.toPrecision(4)))
}

function mark(series: PicturePoint['series'], x: number, y: number): string {
  const fill = `fill="${colours[series]}" fill-opacity="0.85"`
  if (series === 'dense') return `<circle cx="${round(x)}" cy="${round(y)}" r="4" ${fill}/>`
  return `<rect x="${round(x - 3.5)}" y="${round(y - 3.5)}" width="7" height="7" ${fill}/>`
}

function line(x1: number, y1: number, x2: number, y2: number, style: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" ${style}/>`
}

function words(x: number, y: number, text: string, anchor = 'start', more = ''): string {
  if (text === '') return ''
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" ${more}>${escaped(text)}</text>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function round(value: number): number {
  return Number(value.toFixed(1))
}
