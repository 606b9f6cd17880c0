import { paretoFront } from '@core/lab/sweep/pareto'
import { overSeeds, type SeedGroup } from '@core/lab/sweep/summary'
import { useMemo } from 'react'
import { formatCount, formatDuration } from '../charts/format'
import { formatBytes, formatPower } from '../charts/format-large'
import { lossAxis } from '../charts/loss-axis'
import { seriesByRole } from '../charts/series-by-role'
import { XYChart, type XYPoint } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { Choice } from '../ui/Choice'
import type { SweepCost } from './choices'
import { floorNear } from './floor'
import type { PictureProps } from './SweepView'
import styles from './SweepView.module.css'
import { useSweepChoices } from './use-sweep'
import { machinesText, roleOf, seedsOfAll, seedsText, settingsText, spreadText } from './words'

interface Cost {
  readonly label: string
  readonly format: (value: number) => string
}

const costs: Readonly<Record<SweepCost, Cost>> = {
  total: { label: 'total parameters', format: formatCount },
  active: { label: 'active parameters, convention all', format: formatCount },
  bytes: { label: 'bytes of the weights', format: formatBytes },
  flops: { label: 'training FLOPs', format: formatPower },
  seconds: { label: 'time in training steps', format: formatDuration }
}

interface CostedGroup extends SeedGroup {
  readonly cost: number
  readonly loss: number
}

/** Losses against what they cost, and those that nothing cheaper reaches. */
export function Pareto({ whole, paths, groups, sweep }: PictureProps) {
  const [{ cost: asked }, choose] = useSweepChoices()
  const known = useMemo(() => {
    const all = Object.keys(costs) as SweepCost[]
    return all.filter((cost) => groupsBy(whole, groups, cost).length > 1)
  }, [whole, groups])
  const cost = known.includes(asked) ? asked : known[0]
  const points = useMemo(() => (cost ? groupsBy(whole, groups, cost) : []), [whole, groups, cost])
  if (!cost)
    return <p className={styles.note}>Two settings with a loss make this picture, and there are fewer in sight.</p>
  const front = paretoFront(points)
  const { label, format } = costs[cost]
  const nameOf = ({ varied }: SeedGroup) => settingsText(varied, paths) || 'all alike'
  const pointOf = (group: CostedGroup): XYPoint => ({
    x: group.cost,
    y: group.mean,
    ...(group.deviation === null ? {} : { low: group.mean - group.deviation, high: group.mean + group.deviation }),
    title: `${nameOf(group)}: ${spreadText(group)} at ${format(group.cost)}, ${seedsText(group.seeds)}`
  })
  const { references, note } = floorNear(
    whole,
    points.map(({ loss }) => loss)
  )
  return (
    <ChartPanel
      title={`Loss against ${label.split(',')[0]}`}
      fileName={`${sweep.name}-pareto-${cost}`}
      legend="bars: one standard deviation over seeds; blue: dense, orange: MoE"
      aside={
        <Choice
          label="Cost"
          look="chip"
          value={cost}
          options={known.map((value) => ({ value, label: costs[value].label }))}
          onChange={(value) => choose({ cost: value })}
        />
      }
      answer={`${front.length} of ${points.length} settings are on the front: ${front.slice(0, 5).map(nameOf).join('; ')}${front.length > 5 ? '; …' : ''}.`}
      note={`Measured ${machinesText(whole)}, ${seedsOfAll(points)}. ${cost === 'bytes' ? 'A trained weight has 4 bytes. ' : ''}${cost === 'seconds' ? 'Times of several machines, or of one that did other work too, cannot be compared. ' : ''}${note}`}
      table={() => ({
        columns: ['settings', cost, 'loss', 'deviation', 'seeds', 'on_front'],
        rows: points.map((group) => [
          nameOf(group),
          group.cost,
          group.mean,
          group.deviation,
          group.seeds,
          front.includes(group) ? 1 : 0
        ])
      })}
    >
      {(frame) => (
        <XYChart
          {...frame}
          height={Math.min(frame.height, 640)}
          series={[
            {
              id: 'front',
              label: 'front',
              mark: 'line',
              look: 'dashed',
              points: front.map((each) => ({ ...pointOf(each), low: each.mean, high: each.mean }))
            },
            ...seriesByRole(points, roleOf, pointOf)
          ]}
          references={references}
          x={{ label, scale: 'log', format }}
          y={lossAxis}
          labelRoom={60}
          description={`Losses of ${points.length} settings against ${label}; ${front.length} are on the Pareto front`}
        />
      )}
    </ChartPanel>
  )
}

/** The groups that have a cost: sizes and FLOPs are those of all their seeds, times the mean of theirs. */
function groupsBy(whole: PictureProps['whole'], groups: readonly SeedGroup[], cost: SweepCost): CostedGroup[] {
  const keyOf = ({ varied }: SeedGroup) => JSON.stringify(varied)
  const times =
    cost === 'seconds' ? new Map(overSeeds(whole, cost).map((group) => [keyOf(group), group.mean])) : undefined
  return groups.flatMap((group) => {
    const { figures } = group
    const isTraining = typeof figures.steps === 'number'
    const known =
      times?.get(keyOf(group)) ??
      (cost === 'bytes' && isTraining && typeof figures.total === 'number' ? 4 * figures.total : figures[cost])
    return typeof known === 'number' && known > 0 ? [{ ...group, cost: known, loss: group.mean }] : []
  })
}
