import { formatPercent, formatRatio } from '../charts/format'
import { formatLarge } from '../charts/format-large'
import { XYChart, type XYSeries } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import styles from './Architectures.module.css'
import { activeShare } from './gallery-rows'
import { Head } from './Head'
import type { Subject } from './subjects'
import { useArchitectures } from './use-architectures'

/** Lines of equal active over total parameters. */
const shares = [1, 4, 16, 64] as const

/** Total against active parameters of all models. */
export function Sizes({ subjects }: { subjects: readonly Subject[] }) {
  const [chosen, choose] = useArchitectures()
  const totals = subjects.map(({ count }) => count.total)
  const actives = subjects.map(({ count }) => count.active.all)
  const [low, high] = [Math.min(...totals) / 3, Math.max(...totals) * 1.6]
  const floor = Math.min(...actives) / 3
  // Names go to the first that have room: to those that are looked at, then to the heaviest.
  const looked = [chosen.model, ...chosen.compared]
  const named = [...subjects].sort(
    (a, b) => Number(looked.includes(b.id)) - Number(looked.includes(a.id)) || b.count.total - a.count.total
  )
  const kinds = (['moe', 'dense'] as const).map((kind) => ({
    kind,
    own: named.filter((each) => each.kind === kind)
  }))
  const series: XYSeries[] = [
    ...shares.map((share): XYSeries => {
      const from = Math.max(low, floor * share)
      return {
        id: `1/${share}`,
        label: share === 1 ? 'all active' : `1 of ${share}`,
        mark: 'line',
        look: 'dashed',
        colour: 'var(--mute)',
        points: [from, high].map((total) => ({
          x: total,
          y: total / share,
          title: share === 1 ? 'all active' : `1 of ${share} active`
        }))
      }
    }),
    ...kinds.map(
      ({ kind, own }): XYSeries => ({
        id: kind,
        label: '',
        mark: 'points',
        colour: `var(--${kind})`,
        points: own.map((subject) => ({
          x: subject.count.total,
          y: subject.count.active.all,
          name: subject.name,
          title: `${subject.name}: ${formatLarge(subject.count.total)} total, ${formatLarge(subject.count.active.all)} active (${formatPercent(activeShare(subject))})`
        }))
      })
    )
  ]
  const latest = Math.max(...subjects.map(({ year }) => year ?? 0))
  const recent = subjects.filter(({ kind, year }) => kind === 'moe' && (year ?? 0) >= latest - 1)
  const median = [...recent].sort((a, b) => activeShare(a) - activeShare(b))[Math.floor(recent.length / 2)]
  return (
    <>
      <Head question="How sparse have models become?" />
      <p className={styles.answer}>
        <strong data-kind="moe">
          {median ? `1 of ${formatRatio(1 / activeShare(median)).replace('×', '')}` : '–'}
        </strong>
        <span>
          weights are active in the median MoE of {latest - 1} and {latest}: {median?.name}
        </span>
      </p>
      <ChartPanel
        title="Total against active parameters"
        fileName="total-against-active"
        legend={
          <>
            <span className={styles.key} data-kind="moe" /> MoE <span className={styles.key} data-kind="dense" /> dense;
            counted, a click opens a model
          </>
        }
        table={() => ({
          columns: ['model', 'kind', 'year', 'total', 'active_all', 'share'],
          rows: subjects.map((subject) => [
            subject.name,
            subject.kind,
            subject.year,
            subject.count.total,
            subject.count.active.all,
            activeShare(subject)
          ])
        })}
      >
        {(frame) => (
          <XYChart
            {...frame}
            series={series}
            x={{ label: 'total parameters', scale: 'log', format: formatLarge, from: low, to: high }}
            y={{ label: 'active parameters', scale: 'log', format: formatLarge, from: floor, to: high }}
            labelRoom={80}
            description={`Total and active parameters of ${subjects.length} models, with lines of equal shares`}
            onSelect={(kind, point) => {
              const subject = kinds.find((each) => each.kind === kind)?.own[point]
              if (subject) choose({ ...chosen, screen: 'one', model: subject.id, changes: {} })
            }}
          />
        )}
      </ChartPanel>
    </>
  )
}
