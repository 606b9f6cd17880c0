import { arc, type Chord, type ChordGroup, type ChordSubgroup, chord, ribbon } from 'd3'
import styles from './ChordDiagram.module.css'

export interface ChordDiagramProps {
  readonly names: readonly string[]
  /** Strength of a pair; symmetric. */
  readonly value: (i: number, j: number) => number
  readonly colour: (index: number) => string
  readonly title: (i: number, j: number) => string
  /** Width and height. */
  readonly size: number
  /** Text size over the usual one: room for names grows with it. */
  readonly textScale?: number
  /** One whose chords stand out. */
  readonly selected?: number
  readonly onSelect?: (index: number) => void
  readonly description: string
}

/** Who has how much in common with whom, around a circle. */
export function ChordDiagram(props: ChordDiagramProps) {
  const { names, value, colour, title, size, textScale = 1, selected, onSelect, description } = props
  if (size < 120) return null
  const outer = size / 2 - 22 * textScale
  const inner = outer - 10
  const chords = chord()
    .padAngle(0.02)
    .sortSubgroups((a, b) => b - a)(names.map((_, i) => names.map((__, j) => value(i, j))))
  const edge = arc<ChordGroup>().innerRadius(inner).outerRadius(outer)
  const band = ribbon<Chord, ChordSubgroup>().radius(inner - 1)
  const label = (group: ChordGroup) => {
    const angle = (group.startAngle + group.endAngle) / 2
    return { x: Math.sin(angle) * (outer + 10 * textScale), y: -Math.cos(angle) * (outer + 10 * textScale) + 4 }
  }
  return (
    <svg className={styles.chord} width={size} height={size} role="img" aria-label={description}>
      <g transform={`translate(${size / 2},${size / 2})`}>
        {chords.map((each) => (
          <path
            key={`${each.source.index}-${each.target.index}`}
            d={pathOf(band(each))}
            fill={colour(each.source.index)}
            className={styles.band}
            data-faint={
              (selected !== undefined && each.source.index !== selected && each.target.index !== selected) || undefined
            }
          >
            <title>{title(each.source.index, each.target.index)}</title>
          </path>
        ))}
        {chords.groups.map((group) => (
          <g key={group.index} className={styles.group} data-selected={group.index === selected || undefined}>
            <path
              d={edge(group) ?? undefined}
              fill={colour(group.index)}
              onPointerDown={() => onSelect?.(group.index)}
            />
            <text {...label(group)} textAnchor="middle">
              {names[group.index]}
            </text>
          </g>
        ))}
      </g>
    </svg>
  )
}

/** A path as d3 gives it when it draws on no canvas. */
function pathOf(drawn: unknown): string | undefined {
  return typeof drawn === 'string' ? drawn : undefined
}
