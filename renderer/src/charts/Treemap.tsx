import { hierarchy, treemap, treemapSquarify } from 'd3'
import styles from './Treemap.module.css'

/** An amount, drawn as an area. */
export interface TreemapCell {
  readonly id: string
  readonly label: string
  /** Written below the label where there is room. */
  readonly detail: string
  readonly value: number
  /** Part of it, from 0 to 1, that is drawn strong; the rest is faint. */
  readonly strong: number
  readonly fill: string
  readonly opacity: number
  /** The whole truth about it. */
  readonly title: string
}

/** Amounts that are drawn together, under one name. */
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
    .paddingTop((node) => (node.depth === 1 ? header : 0))(
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
            {y1 - y0 < header ? '' : fitted(group?.label ?? '', x1 - x0 - 8, textScale)}
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
  const strong = height * cell.strong
  const line = 16 * textScale
  const label = height > line + 4 ? fitted(cell.label, width - 10, textScale) : ''
  const detail = label !== '' && height > 2 * line + 4 ? fitted(cell.detail, width - 10, textScale) : ''
  return (
    <>
      <title>{cell.title}</title>
      <rect x={x} y={y} width={width} height={height - strong} fill={cell.fill} fillOpacity={cell.opacity * 0.4} />
      <rect x={x} y={y + height - strong} width={width} height={strong} fill={cell.fill} fillOpacity={cell.opacity} />
      <text x={x + 6} y={y + line}>
        {label}
      </text>
      <text className={styles.detail} x={x + 6} y={y + 2 * line}>
        {detail}
      </text>
    </>
  )
}

/** A text if it fits into a width. */
function fitted(text: string, width: number, textScale: number): string {
  return text.length * letter * textScale <= width ? text : ''
}
