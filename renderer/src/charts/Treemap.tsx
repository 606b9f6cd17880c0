import { hierarchy, treemap, treemapSquarify } from 'd3'
import styles from './Treemap.module.css'
import { spreadOver, type Tile, tilePlaces } from './tiles'

/** An amount, drawn as an area. */
export interface TreemapCell {
  readonly id: string
  readonly label: string
  /** Written below the label where there is room. */
  readonly detail: string
  readonly value: number
  /** Part of it, from 0 to 1, that is drawn strong; the rest is faint. */
  readonly strong: number
  /** Equal tiles that it is cut into, of which that part is strong; 1 for a cell in one piece. */
  readonly tiles?: number
  readonly fill: string
  readonly opacity: number
  /** The whole truth about it. */
  readonly title: string
}

/** Amounts that are drawn together, under one name; without a heading where that is empty. */
export interface TreemapGroup {
  readonly id: string
  readonly label: string
  readonly cells: readonly TreemapCell[]
}

export interface TreemapProps {
  readonly groups: readonly TreemapGroup[]
  readonly width: number
  readonly height: number
  readonly textScale?: number
  /** The picture in a sentence, for who cannot see it. */
  readonly description: string
}

interface Datum {
  readonly group?: TreemapGroup
  readonly cell?: TreemapCell
  readonly children?: readonly Datum[]
}

const letter = 6.6

/** Amounts as areas, in groups; of each a part is strong. */
export function Treemap({ groups, width, height, textScale = 1, description }: TreemapProps) {
  if (width < 160) return null
  const header = 20 * textScale
  const data: Datum = {
    children: groups.map((group) => ({ group, children: group.cells.map((cell) => ({ cell })) }))
  }
  const root = treemap<Datum>()
    .tile(treemapSquarify.ratio(1.4))
    .size([width, height])
    .paddingInner(2)
    .paddingTop((node) => (node.depth === 1 && node.data.group?.label !== '' ? header : 0))(
    hierarchy<Datum>(data, ({ children }) => children && [...children])
      .sum(({ cell }) => cell?.value ?? 0)
      .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
  )
  return (
    <svg className={styles.treemap} width={width} height={height} role="img" aria-label={description}>
      {(root.children ?? []).map(({ data: { group }, x0, y0, x1, y1 }) => (
        <g key={group?.id}>
          <rect className={styles.group} x={x0} y={y0} width={x1 - x0} height={Math.min(header, y1 - y0)} />
          <text className={styles.groupName} x={x0 + 6} y={y0 + 14 * textScale}>
            {y1 - y0 < header ? '' : fitted(group?.label ?? '', x1 - x0 - 8, 1.15 * textScale)}
          </text>
        </g>
      ))}
      {root.leaves().map(({ data: { cell }, parent, x0, y0, x1, y1 }) =>
        cell ? (
          <g key={`${parent?.data.group?.id}-${cell.id}`}>
            <Cell cell={cell} x={x0} y={y0} width={x1 - x0} height={y1 - y0} textScale={textScale} />
          </g>
        ) : null
      )}
    </svg>
  )
}

interface CellProps {
  readonly cell: TreemapCell
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly textScale: number
}

function Cell({ cell, x, y, width, height, textScale }: CellProps) {
  const line = 16 * textScale
  const label = height > line + 4 ? fitted(cell.label, width - 10, textScale) : ''
  const detail = label !== '' && height > 2 * line + 4 ? fitted(cell.detail, width - 10, textScale) : ''
  return (
    <>
      <title>{cell.title}</title>
      <g transform={`translate(${x},${y})`}>
        <Area cell={cell} width={width} height={height} />
      </g>
      <g data-over-tiles={(cell.tiles ?? 1) > 1 || undefined}>
        <text x={x + 6} y={y + line}>
          {label}
        </text>
        <text className={styles.detail} x={x + 6} y={y + 2 * line}>
          {detail}
        </text>
      </g>
    </>
  )
}

function Area({ cell, width, height }: { cell: TreemapCell; width: number; height: number }) {
  const { fill, opacity, strong, tiles = 1 } = cell
  if (tiles > 1) {
    const places = tilePlaces(tiles, width, height)
    if (places.every((tile) => Math.min(tile.width, tile.height) >= minTile)) {
      const chosen = spreadOver(tiles, strong)
      const path = (strongOnes: boolean) =>
        places.flatMap((tile, i) => (chosen.has(i) === strongOnes ? [rectangle(tile)] : [])).join('')
      return (
        <>
          <path d={path(false)} fill={fill} fillOpacity={opacity * faint} />
          <path d={path(true)} fill={fill} fillOpacity={opacity} />
        </>
      )
    }
  }
  const part = height * strong
  return (
    <>
      <rect width={width} height={height - part} fill={fill} fillOpacity={opacity * faint} />
      <rect y={height - part} width={width} height={part} fill={fill} fillOpacity={opacity} />
    </>
  )
}

const faint = 0.4

/** Side of a tile, in pixels, below which it is not told from its neighbours. */
const minTile = 3

/** A tile as a path, a little smaller so that it stands apart from its neighbours. */
function rectangle({ x, y, width, height }: Tile): string {
  const gap = Math.min(1.5, 0.16 * Math.min(width, height))
  return `M${x.toFixed(2)},${y.toFixed(2)}h${(width - gap).toFixed(2)}v${(height - gap).toFixed(2)}h${(gap - width).toFixed(2)}z`
}

/** A text if it fits into a width. */
function fitted(text: string, width: number, textScale: number): string {
  return text.length * letter * textScale <= width ? text : ''
}
