import { domains } from '@core/corpus'
import { type FittedPowerLaw, fitPowerLaw, powerLawAt } from '@core/scaling/power-law'
import { formatCount, formatLoss } from '../charts/format'
import { lossAxis } from '../charts/loss-axis'
import { seriesByRole } from '../charts/series-by-role'
import { XYChart, type XYPoint } from '../charts/XYChart'
import { useAppState } from '../state/app'
import type { LibraryModel } from '../state/library'
import { ChartPanel } from '../ui/ChartPanel'
import { Choice } from '../ui/Choice'
import { Figure } from '../ui/Figure'
import { Formula } from '../ui/Formula'
import { Panel } from '../ui/Panel'
import { modelName } from '../words/model-words'
import { familyOf, familyQuantities, lossOf } from './own-family'
import styles from './Scaling.module.css'
import { useScaling } from './use-scaling'

/** The measured losses of the shipped family, and the power law fitted to them, with its interval. */
export function OwnFamily() {
  const models = useAppState(({ library }) => library?.models)
  const [{ quantity: asked }, choose] = useScaling()
  if (!models) return null
  const quantities = familyQuantities(models)
  const quantity = quantities.find(({ id }) => id === asked) ?? quantities[0]
  if (!quantity) return <p className={styles.note}>There are no trained dense models here to fit a law to.</p>
  const fit = fitPowerLaw(familyOf(models, quantity.id), quantity.id, quantity.floor)
  const title = quantity.id === 'total' ? 'all languages' : titleOf(quantity.id)
  return (
    <>
      {fit.kind === 'fit' ? (
        <p className={styles.answer} data-testid="answer">
          <span>
            <Formula text="loss - floor" />
          </span>
          <strong data-kind="dense">
            <Figure
              exact={`exponent ${fit.exponent.toFixed(4)}, standard error ${fit.exponentError.toFixed(4)}`}
              definition="Weighted least squares on the mean losses of the dense models that come with the app, above the exactly known floor of their corpus."
              provenance="shipped"
            >
              <small>is proportional to</small> <Formula text={`N^-${fit.exponent.toFixed(2)}`} />
            </Figure>
          </strong>
          <span>
            ten times the total parameters N leave {(100 * 10 ** -fit.exponent).toFixed(0)} % of the loss above the
            floor <small>± {fit.exponentError.toFixed(2)} in the exponent</small>
          </span>
        </p>
      ) : (
        <p className={styles.answer} data-testid="answer">
          <span>No law is fitted: {fit.reason}.</span>
        </p>
      )}
      <div className={styles.bar}>
        <Choice
          label="Loss in"
          value={quantity.id}
          options={quantities.map(({ id }) => ({ value: id, label: id === 'total' ? 'all languages' : titleOf(id) }))}
          onChange={(id) => choose({ quantity: id })}
        />
      </div>
      <div className={styles.columns}>
        <Chart
          models={models}
          quantity={quantity.id}
          floor={quantity.floor}
          fit={fit.kind === 'fit' ? fit : undefined}
          title={title}
        />
        <Panel title="About this curve">
          <dl className={styles.facts}>
            <dt>Formula</dt>
            <dd>
              <Formula text="L(N) = floor + A / N^alpha" />; N total parameters
            </dd>
            <dt>Measured</dt>
            <dd>
              Shipped with the app: dense models of one recipe on eight million characters each, with up to{' '}
              {Math.max(...familyOf(models, quantity.id).sizes.map(({ runs }) => runs.length))} seeds. Losses in nats
              per character.
            </dd>
            <dt>Floor</dt>
            <dd>{formatLoss(quantity.floor)}, the entropy of the generated text: known, not fitted.</dd>
            {fit.kind === 'fit' && (
              <>
                <dt>Fit</dt>
                <dd>
                  A = {fit.scale.toPrecision(3)}, alpha = {fit.exponent.toFixed(3)} ± {fit.exponentError.toFixed(3)};
                  standard deviation of runs about it {fit.deviation.toFixed(3)}
                </dd>
                <dt>Band</dt>
                <dd>
                  Holds the mean loss of a size with {100 * fit.confidence} % confidence. Nothing is said beyond the
                  measured sizes.
                </dd>
              </>
            )}
          </dl>
        </Panel>
      </div>
    </>
  )
}

interface ChartProps {
  readonly models: readonly LibraryModel[]
  readonly quantity: string
  readonly floor: number
  readonly fit: FittedPowerLaw | undefined
  readonly title: string
}

function Chart({ models, quantity, floor, fit, title }: ChartProps) {
  const shown = models.flatMap((model) => {
    const loss = lossOf(model, quantity)
    return model.own || !loss ? [] : [{ model, loss }]
  })
  const curve = fit ? curveOf(fit) : []
  return (
    <ChartPanel
      title={`Loss against size, ${title}`}
      fileName={`family-${quantity}`}
      legend="shipped measurements; MoE at their active size"
      table={() => ({
        columns: ['model', 'role', 'total', 'active_all', 'loss', 'seeds', 'fitted_loss', 'fitted_low', 'fitted_high'],
        rows: shown.map(({ model, loss }) => {
          const at = fit && model.role === 'dense' ? powerLawAt(fit, model.total) : undefined
          const fitted = at?.kind === 'inside' ? [at.loss, at.low, at.high] : [null, null, null]
          return [model.id, model.role, model.total, model.active.all, loss.mean, loss.seeds, ...fitted]
        })
      })}
    >
      {(frame) => (
        <XYChart
          {...frame}
          series={[
            { id: 'fit', label: 'fit', mark: 'line', colour: 'var(--dense)', points: curve },
            ...seriesByRole(
              shown,
              ({ model }) => model.role,
              ({ model, loss }) => ({
                x: model.role === 'dense' ? model.total : model.active.all,
                y: loss.mean,
                name: model.id,
                title: `${modelName(model)} (${model.id}): ${formatLoss(loss.mean)}, ${loss.seeds} ${loss.seeds === 1 ? 'seed' : 'seeds'}`
              })
            )
          ]}
          references={[{ y: floor, label: 'floor' }]}
          x={{ label: 'total parameters of dense, active parameters of MoE', scale: 'log', format: formatCount }}
          y={lossAxis}
          labelRoom={50}
          description={`Measured losses of ${shown.length} models against their size, with the fitted law`}
        />
      )}
    </ChartPanel>
  )
}

function curveOf(fit: FittedPowerLaw): XYPoint[] {
  const steps = 60
  return Array.from(
    { length: steps + 1 },
    (_, i) => fit.smallest * (fit.largest / fit.smallest) ** (i / steps)
  ).flatMap((size) => {
    // The last step may miss the end by rounding.
    const at = powerLawAt(fit, Math.min(fit.largest, Math.max(fit.smallest, size)))
    if (at.kind === 'outside') return []
    return [
      {
        x: size,
        y: at.loss,
        low: at.low,
        high: at.high,
        title: `${formatCount(size)}: ${formatLoss(at.loss)} (${formatLoss(at.low)} – ${formatLoss(at.high)})`
      }
    ]
  })
}

function titleOf(id: string): string {
  return domains.find((domain) => domain.id === id)?.title ?? id
}
