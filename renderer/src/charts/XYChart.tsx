import { area, line } from 'd3'
import { type KeyboardEvent, memo, type PointerEvent, useId, useState } from 'react'
import { BrushedPart } from './BrushedPart'
import { useBrush } from './brush'
import styles from './XYChart.module.css'
import { EndLabels, PointNames } from './XYLabels'
import { Crosshair, Tip } from './XYReadings'
import { closest, isSame, nearestAlong, type Place } from './xy-places'
import { type Scale, scaleOf, ticksOf } from './xy-scale'

export interface XYPoint {
  readonly x: number
  readonly y: number
  /** Ends of an interval around `y`. */
  readonly low?: number
  readonly high?: number
  /** Written beside the point where there is room. */
  readonly name?: string
  /** The whole truth about the point, for who asks. */
  readonly title: string
}

export interface XYSeries {
  readonly id: string
  /** Written at the end of a line or beside the last point; empty for none. */
  readonly label: string
  readonly points: readonly XYPoint[]
  /** All of its points, where more will be drawn: their names leave room for each other, and stay in their places. */
  readonly whole?: readonly XYPoint[]
  readonly mark: 'line' | 'points'
  /** True to mark the points of a line. */
  readonly dots?: boolean
  /** A CSS colour; that of text by default. */
  readonly colour?: string
  /** For what is a baseline, or lies outside of what was measured or fitted. */
  readonly look?: 'plain' | 'dashed' | 'faint'
  /** Its name where a crosshair reads all series; one without is not read. */
  readonly readAs?: string
}

export interface XYAxis {
  /** Quantity and unit. */
  readonly label: string
  readonly scale: 'linear' | 'log'
  readonly format: (value: number) => string
  /** Ends; by default those of the points, and a little more. */
  readonly from?: number
  readonly to?: number
  /** True to leave out what lies outside of the ends, instead of drawing it at them. */
  readonly cut?: boolean
  /** Values with a label; round ones by default. */
  readonly ticks?: readonly number[]
}

export interface XYChartProps {
  readonly series: readonly XYSeries[]
  readonly x: XYAxis
  readonly y: XYAxis
  /** Lines across, such as a floor or an even share. */
  readonly references?: readonly { readonly y: number; readonly label: string }[]
  readonly width: number
  readonly height: number
  /** Text size over the usual one: room for labels grows with it. */
  readonly textScale?: number
  /** The picture in a sentence, for who cannot see it. */
  readonly description: string
  /** Room on the right for the labels of lines, at the usual text size. */
  readonly labelRoom?: number
  /** Id of the series that stands out. */
  readonly marked?: string | undefined
  /** Hears which series the pointer is at; undefined for none. */
  readonly onHover?: (series: string | undefined) => void
  readonly onSelect?: (series: string, point: number) => void
  /** Reads every series where the pointer is, or the arrow keys lead, and not the nearest point alone. */
  readonly crosshair?: boolean
  /** Hears which part along x was drawn over, or gone over with Shift and the arrow keys and taken with Enter. */
  readonly onBrush?: (from: number, to: number) => void
}

const usualMargin = { left: 58, right: 14, top: 26, bottom: 44 }

/** Pixels between the end of a line and its label. */
const gap = 10

/** Lines and points by two numbers, each axis linear or logarithmic. */
export function XYChart(props: XYChartProps) {
  const { series, width, height, textScale = 1, references = [], labelRoom = 110, onSelect, crosshair = false } = props
  const clip = useId()
  const [hovered, setHovered] = useState<Place>()
  const brush = useBrush(props.onBrush)
  if (width < 240) return null
  const lined = series.some(({ label }) => label !== '') || references.length > 0
  const margin = {
    left: usualMargin.left * textScale,
    right: (lined ? labelRoom : usualMargin.right) * textScale,
    top: usualMargin.top * textScale,
    bottom: usualMargin.bottom * textScale
  }
  const points = series.flatMap((each) => each.points)
  const x = scaleOf(
    props.x,
    points.map((point) => point.x),
    [margin.left, width - margin.right]
  )
  const [left, right] = [margin.left, width - margin.right]
  const isInside = (at: number) => !props.x.cut || (at >= left && at <= right)
  const y = scaleOf(
    props.y,
    [
      ...(props.x.cut ? points.filter((point) => isInside(x(point.x))) : points).flatMap((point) => [
        point.y,
        point.low ?? point.y,
        point.high ?? point.y
      ]),
      ...references.map((r) => r.y)
    ],
    [height - margin.bottom, margin.top]
  )
  const placesOf = (pointsOf: (each: XYSeries) => readonly XYPoint[]): Place[] =>
    series
      .flatMap((each) =>
        pointsOf(each).map((point, index) => ({ series: each.id, index, point, x: x(point.x), y: y(point.y) }))
      )
      .filter((place) => isInside(place.x))
  const places = placesOf((each) => each.points)
  const readings = crosshair ? places.filter((place) => series.some((s) => s.id === place.series && s.readAs)) : []
  const find = (event: PointerEvent<SVGRectElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    const [at, above] = [event.clientX - left, event.clientY - top]
    return crosshair ? nearestAlong(readings, at) : closest(places, at, above)
  }
  const select = (place: Place | undefined) => place && onSelect?.(place.series, place.index)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (event.key === 'Enter') {
      select(hovered)
      brush.end(valueAt)
    }
    if (event.key === 'Escape') brush.cancel()
    if (step === undefined) return
    event.preventDefault()
    const ordered = [...(crosshair ? readings : places)].sort((a, b) => a.x - b.x)
    const next = ordered.findIndex((place) => isSame(place, hovered)) + step
    const found = ordered[Math.min(ordered.length - 1, Math.max(0, next))]
    setHovered(found)
    if (!found || !event.shiftKey) brush.cancel()
    else if (brush.part) brush.move(found.x)
    else brush.begin(hovered?.x ?? found.x, found.x)
  }
  const valueAt = (at: number) => x.invert(Math.min(right, Math.max(left, at)))
  return (
    <svg
      className={styles.chart}
      width={width}
      height={height}
      role={onSelect || crosshair ? 'group' : 'img'}
      aria-label={props.description}
    >
      {ticksOf(y, props.y, height / (44 * textScale)).map((tick) => (
        <g key={tick} transform={`translate(0,${y(tick)})`}>
          <line className={styles.grid} x1={margin.left} x2={width - margin.right} />
          <text x={margin.left - 8} y={4} textAnchor="end">
            {props.y.format(tick)}
          </text>
        </g>
      ))}
      {ticksOf(x, props.x, width / (90 * textScale)).map((tick) => (
        <text key={tick} x={x(tick)} y={height - margin.bottom + 18 * textScale} textAnchor="middle">
          {props.x.format(tick)}
        </text>
      ))}
      <text x={0} y={11 * textScale}>
        {props.y.label}
      </text>
      <text x={(margin.left + width - margin.right) / 2} y={height - 6 * textScale} textAnchor="middle">
        {props.x.label}
      </text>
      {references.map((reference) => (
        <line
          key={reference.label}
          className={styles.reference}
          x1={margin.left}
          x2={width - margin.right}
          y1={y(reference.y)}
          y2={y(reference.y)}
        />
      ))}
      {props.x.cut && (
        <clipPath id={clip}>
          <rect x={left} width={right - left} height={height} />
        </clipPath>
      )}
      <g clipPath={props.x.cut ? `url(#${clip})` : undefined}>
        {series.map((each) => (
          <SeriesMarks key={each.id} series={each} x={x} y={y} marked={props.marked === each.id} />
        ))}
      </g>
      {brush.part && (
        <BrushedPart part={brush.part} from={left} to={right} top={margin.top} bottom={height - margin.bottom} />
      )}
      <EndLabels
        {...props}
        series={series.map((each) => visiblePart(each, (point) => isInside(x(point.x))))}
        references={references}
        at={width - margin.right + gap}
        room={labelRoom - gap}
        scale={y}
        apart={15 * textScale}
      />
      <PointNames
        series={series}
        places={series.some(({ whole }) => whole) ? placesOf(({ whole, points }) => whole ?? points) : places}
        from={margin.left}
        width={lined ? width - margin.right : width}
        textScale={textScale}
      />
      {hovered && !crosshair && <Tip place={hovered} width={width} textScale={textScale} />}
      {hovered && crosshair && (
        <Crosshair {...props} places={readings} at={hovered} top={margin.top} bottom={height - margin.bottom} />
      )}
      <rect
        className={styles.surface}
        width={width}
        height={height}
        data-export="no"
        data-selectable={(onSelect && hovered) || undefined}
        tabIndex={onSelect || crosshair ? 0 : undefined}
        role={onSelect || crosshair ? 'button' : undefined}
        aria-label={
          onSelect || crosshair ? (hovered?.point.title ?? 'Go through the points with the arrow keys') : undefined
        }
        onPointerMove={(event) => {
          const found = find(event)
          setHovered(found)
          if (found?.series !== hovered?.series) props.onHover?.(found?.series)
          if (event.buttons === 1 && brush.part) brush.move(placeOf(event))
        }}
        onPointerLeave={() => {
          setHovered(undefined)
          props.onHover?.(undefined)
        }}
        onBlur={() => {
          setHovered(undefined)
          brush.cancel()
        }}
        onPointerDown={(event) => {
          select(find(event))
          if (!props.onBrush) return
          event.currentTarget.setPointerCapture(event.pointerId)
          brush.begin(placeOf(event), placeOf(event))
        }}
        onPointerUp={() => brush.end(valueAt)}
        onPointerCancel={brush.cancel}
        onKeyDown={onKeyDown}
      />
    </svg>
  )
}

/** A series without the points that are cut off. */
function visiblePart(series: XYSeries, isVisible: (point: XYPoint) => boolean): XYSeries {
  return { ...series, points: series.points.filter(isVisible) }
}

interface SeriesProps {
  readonly series: XYSeries
  readonly x: Scale
  readonly y: Scale
  readonly marked: boolean
}

/** Drawn again only where something of it changes: of a thousand lines the pointer is at one. */
const SeriesMarks = memo(Marks, (before, after) => {
  const isSameScale = (one: Scale, other: Scale) =>
    String([one.domain(), one.range()]) === String([other.domain(), other.range()])
  return (
    before.series === after.series &&
    before.marked === after.marked &&
    isSameScale(before.x, after.x) &&
    isSameScale(before.y, after.y)
  )
})

function Marks({ series, x, y, marked }: SeriesProps) {
  const { mark, dots = mark === 'points', points, colour, look = 'plain' } = series
  const path = line<XYPoint>(
    (point) => x(point.x),
    (point) => y(point.y)
  )
  const band = area<XYPoint>(
    (point) => x(point.x),
    (point) => y(point.low ?? point.y),
    (point) => y(point.high ?? point.y)
  )
  const banded = points.some(({ low, high }) => low !== undefined || high !== undefined)
  return (
    <g className={styles.series} data-look={look} data-marked={marked || undefined} style={{ color: colour }}>
      {mark === 'line' && banded && <path className={styles.band} d={band(points) ?? undefined} />}
      {mark === 'line' && <path className={styles.line} d={path(points) ?? undefined} />}
      {dots &&
        points.map((point, i) => (
          // oxlint-disable-next-line react/no-array-index-key -- points have no other name
          <g key={i} transform={`translate(${x(point.x)},${y(point.y)})`}>
            {mark === 'points' && point.low !== undefined && point.high !== undefined && (
              <line className={styles.interval} y1={y(point.low) - y(point.y)} y2={y(point.high) - y(point.y)} />
            )}
            <circle r={4.5} />
          </g>
        ))}
    </g>
  )
}

/** Pixels from the left of the chart. */
function placeOf(event: PointerEvent<SVGRectElement>): number {
  return event.clientX - event.currentTarget.getBoundingClientRect().left
}
