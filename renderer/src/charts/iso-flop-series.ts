import type { PaidPoint, SpentBudget } from '@core/scaling/trainings'
import { formatCount, formatLoss } from './format'
import { formatPower } from './format-large'
import type { XYSeries } from './XYChart'

/**
 * Losses of several sizes at equal training compute: for each budget what was measured, the parabola through it and its
 * bottom, and where there is a law the loss by it.
 */
export function budgetSeries(
  budgets: readonly SpentBudget[],
  lawLoss?: (point: Pick<PaidPoint, 'parameters' | 'tokens'>) => number
): XYSeries[] {
  return budgets.flatMap(({ flops, points, best }, i): XYSeries[] => {
    // Larger budgets are stronger.
    const colour = `color-mix(in oklab, var(--dense) ${(100 * (i + 1)) / budgets.length}%, var(--line))`
    const [smallest = 1, largest = 1] = [points[0]?.parameters, points.at(-1)?.parameters]
    const sizes = Array.from({ length: 41 }, (_, step) => smallest * (largest / smallest) ** (step / 40))
    const name = `${formatPower(flops)} FLOPs`
    const law: XYSeries[] = lawLoss
      ? [
          {
            id: `law-${i}`,
            label: '',
            mark: 'line',
            look: 'dashed',
            colour,
            points: points.map(({ parameters, tokens }) => {
              const loss = lawLoss({ parameters, tokens })
              return {
                x: parameters,
                y: loss,
                title: `${name}, ${formatCount(parameters)}: ${formatLoss(loss)} by the law`
              }
            })
          }
        ]
      : []
    return [
      ...law,
      {
        id: `parabola-${i}`,
        label: name,
        mark: 'line',
        colour,
        points: best
          ? sizes.map((size) => {
              const loss = best.loss + best.bend * Math.log(size / best.parameters) ** 2
              return { x: size, y: loss, title: `${name}, ${formatCount(size)}: ${formatLoss(loss)} by the parabola` }
            })
          : []
      },
      {
        id: `measured-${i}`,
        label: best ? '' : name,
        mark: 'points',
        colour,
        points: points.map(({ parameters, tokens, loss }) => ({
          x: parameters,
          y: loss,
          title: `${name}: ${formatCount(parameters)} on ${formatCount(tokens)} characters, ${formatLoss(loss)}`
        }))
      },
      {
        id: `best-${i}`,
        label: '',
        mark: 'points',
        points: best
          ? [
              {
                x: best.parameters,
                y: best.loss,
                name: `best ${formatCount(best.parameters)}`,
                title: `best for ${name}: ${formatCount(best.parameters)}, ${formatLoss(best.loss)}`
              }
            ]
          : []
      }
    ]
  })
}
