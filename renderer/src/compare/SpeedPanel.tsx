import type { SpeedPoint } from '@core/bench/speed-against-size'
import { speedWidths as widths } from '@core/bench/speed-widths'
import { isUnderWay } from '@core/lab/run'
import { formatDuration, formatRatio } from '../charts/format'
import { SpeedAgainstSize } from '../charts/SpeedAgainstSize'
import { secondsLeft } from '../lab/pace'
import { CancelRun } from '../lab/RunProgress'
import { useAppState } from '../state/app'
import { ChartPanel } from '../ui/ChartPanel'
import { CommandButton } from '../ui/CommandButton'
import { Panel } from '../ui/Panel'
import styles from './SpeedPanel.module.css'

const title = 'From what size do experts pay in speed?'

/** Speed against size of the same shapes on this machine: where sparsity begins to pay. */
export function SpeedPanel() {
  const points = useAppState(({ speedPoints }) => speedPoints)
  const run = useAppState(({ runs }) => runs.findLast(({ kind }) => kind === 'speed-against-size'))
  const left = useAppState(({ paces }) => secondsLeft(run && paces[run.id]))
  const underWay = run !== undefined && isUnderWay(run)
  const foot = (
    <div className={styles.foot}>
      {underWay ? (
        <CancelRun id={run.id}>Cancel</CancelRun>
      ) : (
        <CommandButton id="measure-speed">
          {points.length > 0 ? 'Measure again' : 'Measure on this machine'}
        </CommandButton>
      )}
      <output>
        {underWay
          ? `${points.length} of ${widths.length * 3} measured${left === undefined ? '' : `; about ${formatDuration(left)} left`}`
          : run?.status === 'failed'
            ? run.failure
            : 'Takes 10 to 20 seconds; one model computes at a time.'}
      </output>
    </div>
  )
  // Axes alone say nothing.
  if (points.length === 0)
    return (
      <Panel id="speed" title={title} data-row>
        <p className={styles.answer}>{answerOf(points)}</p>
        {foot}
      </Panel>
    )
  return (
    <ChartPanel
      id="speed"
      title={title}
      fileName="speed-against-size"
      legend="speed only: untrained weights"
      table={() => ({
        columns: ['kind', 'width', 'active', 'total', 'tokens_per_s', 'low', 'high'],
        rows: points.map(({ kind, width, parameters: { active, total }, tokensPerSecond: { median, low, high } }) => [
          kind,
          width,
          active,
          total,
          median,
          low,
          high
        ])
      })}
      answer={answerOf(points)}
      foot={foot}
    >
      {(frame) => <SpeedAgainstSize {...frame} points={points} widths={widths} height={380} />}
    </ChartPanel>
  )
}

/** From which width on the MoE is faster than the dense model of its total size. */
function answerOf(points: readonly SpeedPoint[]): string {
  const ratios = widths.flatMap((width) => {
    const [moe, total] = (['moe', 'dense-total'] as const).map((kind) =>
      points.find((point) => point.kind === kind && point.width === width)
    )
    return moe && total ? [{ width, ratio: moe.tokensPerSecond.median / total.tokensPerSecond.median }] : []
  })
  const last = ratios.at(-1)
  if (!last)
    return 'In small models the fixed cost of a step hides what experts save. Measure to see from where it shows.'
  const first = ratios.find(({ width }) => ratios.every((each) => each.width < width || each.ratio > 1))
  if (!first) return `Up to d ${last.width} the MoE is not yet faster than a dense model of its total size.`
  return `From d ${first.width} on the MoE is faster than a dense model of its total size; at d ${last.width}, ${formatRatio(last.ratio)}.`
}
