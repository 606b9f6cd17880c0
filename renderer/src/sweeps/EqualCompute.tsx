import { sweepBudgets } from '@core/lab/sweep/budgets'
import { useMemo } from 'react'
import { formatCount } from '../charts/format'
import { formatPower } from '../charts/format-large'
import { budgetSeries } from '../charts/iso-flop-series'
import { lossAxis } from '../charts/loss-axis'
import { XYChart } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import type { PictureProps } from './SweepView'
import styles from './SweepView.module.css'
import { machinesText } from './words'

/** Losses of dense sizes that spent the same training compute, and the best size of each budget. */
export function EqualCompute({ whole, sweep }: PictureProps) {
  const budgets = useMemo(() => sweepBudgets(whole.flatMap(({ training }) => training ?? [])), [whole])
  if (budgets.length === 0) {
    return (
      <p className={styles.note}>
        {sweep.from === 'table'
          ? 'A table does not say what each run read: open the folder of the sweep.'
          : 'Three dense sizes that spent the same training FLOPs (within 2 %) on one corpus make this picture, and there are none: vary recipe.characters with architecture.width.'}
      </p>
    )
  }
  const bests = budgets.flatMap(({ flops, best }) =>
    best ? [`${formatCount(best.parameters)} for ${formatPower(flops)} FLOPs`] : []
  )
  return (
    <ChartPanel
      title="Loss against size at equal training FLOPs"
      fileName={`${sweep.name}-equal-compute`}
      legend="points: measured, one a run; curves: parabolas through them; named: the best size"
      answer={
        bests.length > 0
          ? `The best dense size is ${bests.join(', ')}.`
          : 'The best size of these budgets is not among those tried.'
      }
      note={`Dense models alone, measured ${machinesText(whole)}; seeds are points of their own. A budget counts where three sizes spent it within 2 % (Hoffmann et al. 2022, section 3.2).`}
      table={() => ({
        columns: ['flops', 'parameters', 'characters', 'loss', 'best_parameters', 'best_loss'],
        rows: budgets.flatMap(({ flops, points, best }) =>
          points.map(({ parameters, tokens, loss }) => [
            flops,
            parameters,
            tokens,
            loss,
            best?.parameters ?? null,
            best?.loss ?? null
          ])
        )
      })}
    >
      {(frame) => (
        <XYChart
          {...frame}
          height={Math.min(frame.height, 640)}
          series={budgetSeries(budgets)}
          x={{ label: 'total parameters', scale: 'log', format: formatCount }}
          y={lossAxis}
          labelRoom={110}
          description={`Losses of dense sizes at ${budgets.length} compute budgets`}
        />
      )}
    </ChartPanel>
  )
}
