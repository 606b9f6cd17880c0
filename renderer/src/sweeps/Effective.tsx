import { type SweepWorth, type SweptFamily, sweptFamilies, type TrainedSeeds } from '@core/lab/sweep/effective'
import { variedPaths } from '@core/lab/sweep/summary'
import { spreadOf } from '@core/scaling/spread'
import { effectiveJson, reasonText } from '@core/scaling/worth'
import { useMemo } from 'react'
import { formatCount, formatRatio } from '../charts/format'
import { lossAxis } from '../charts/loss-axis'
import { XYChart, type XYPoint } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { worthText } from '../words/model-words'
import type { PictureProps } from './SweepView'
import styles from './SweepView.module.css'
import { machinesText, seedsOfAll, settingsText, spreadText } from './words'

/** The effective parameters of the MoE models of a sweep, by its own dense models. */
export function Effective({ whole, sweep }: PictureProps) {
  const families = useMemo(() => sweptFamilies(whole), [whole])
  if (families.length === 0) {
    return (
      <p className={styles.note}>
        {sweep.from === 'table'
          ? 'A table does not say what each run read: open the folder of the sweep.'
          : 'MoE models are measured by dense ones of two sizes or more that read as much of the same text, and there are none in sight.'}
      </p>
    )
  }
  return families.map((family) => (
    <Family key={family.family.trainedOn} family={family} sweep={sweep} where={machinesText(whole)} />
  ))
}

interface FamilyProps {
  readonly family: SweptFamily
  readonly sweep: PictureProps['sweep']
  readonly where: string
}

function Family({ family: { dense, moe }, sweep, where }: FamilyProps) {
  const pathsOf = (models: readonly TrainedSeeds[]) => variedPaths(models.map(({ runs: [first] }) => first))
  const [all, among] = [pathsOf([...dense, ...moe]), pathsOf(moe)]
  const nameOf = ({ runs: [first] }: TrainedSeeds, paths = all) => settingsText(first.varied, paths)
  const characters = dense[0]?.runs[0].training?.characters ?? 0
  const pointOf = (model: TrainedSeeds, size: number, more = ''): XYPoint => {
    const { mean, deviation, seeds } = lossOf(model)
    return {
      x: size,
      y: mean,
      ...(deviation === null ? {} : { low: mean - deviation, high: mean + deviation }),
      title: `${nameOf(model)}: ${spreadText({ mean, deviation })}, ${seeds === 1 ? 'one seed' : `${seeds} seeds`}${more}`
    }
  }
  return (
    <ChartPanel
      title={`Effective parameters after ${formatCount(characters)} tokens`}
      fileName={`${sweep.name}-effective`}
      legend="blue: dense models at their size; orange: MoE models at their active size"
      note={`Measured ${where} on the dense models of this sweep, ${seedsOfAll([...dense, ...moe].map(lossOf))}; of several settings of one size the best. Bars: one standard deviation. Intervals hold the size with 95 % confidence; nothing is extrapolated.`}
      table={() => ({
        columns: ['model', 'total', 'active', 'loss', 'deviation', 'seeds', 'effective', 'low', 'high'],
        rows: [...dense, ...moe].map((model) => {
          const { mean, deviation, seeds } = lossOf(model)
          const { estimate, low, high } = 'worth' in model ? worthOf(model as SweepWorth) : ownWorth(model)
          return [nameOf(model), model.total, model.active, mean, deviation, seeds, estimate, low, high]
        })
      })}
      foot={
        <div className={styles.scrolled}>
          <table className={styles.worths}>
            <thead>
              <tr>
                <th scope="col">model</th>
                <th scope="col">total</th>
                <th scope="col">active</th>
                <th scope="col">effective</th>
                <th scope="col">effective / active</th>
                <th scope="col">loss</th>
              </tr>
            </thead>
            <tbody>
              {moe.map((model) => {
                const { perActive, effective } = model.worth
                return (
                  <tr key={model.key}>
                    <th scope="row">{nameOf(model, among) || nameOf(model)}</th>
                    <td>{formatCount(model.total)}</td>
                    <td>{formatCount(model.active)}</td>
                    <td title={effective.kind === 'undetermined' ? reasonText(effective) : undefined}>
                      {worthText(model.worth)}
                    </td>
                    <td>{perActive.estimate === null ? '' : formatRatio(perActive.estimate)}</td>
                    <td>{spreadText(lossOf(model))}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      }
    >
      {(frame) => (
        <XYChart
          {...frame}
          height={Math.min(frame.height, 520)}
          series={[
            {
              id: 'dense',
              label: 'dense',
              mark: 'line',
              dots: true,
              colour: 'var(--dense)',
              points: dense.map((model) => pointOf(model, model.total))
            },
            {
              id: 'moe',
              label: 'MoE',
              mark: 'points',
              colour: 'var(--moe)',
              points: moe.map((model) => pointOf(model, model.active, `; effective ${worthText(model.worth)}`))
            }
          ]}
          x={{ label: 'total parameters of dense, active parameters of MoE', scale: 'log', format: formatCount }}
          y={lossAxis}
          labelRoom={60}
          description={moe.map((model) => `${nameOf(model)}: effective ${worthText(model.worth)}`).join('; ')}
        />
      )}
    </ChartPanel>
  )
}

function lossOf({ runs }: TrainedSeeds) {
  return spreadOf(runs.flatMap(({ training }) => training?.result.loss ?? []))
}

function worthOf({ worth }: SweepWorth) {
  return effectiveJson(worth.effective)
}

/** A dense model of the measure is worth its own size. */
function ownWorth({ total }: TrainedSeeds) {
  return { estimate: total, low: total, high: total }
}
