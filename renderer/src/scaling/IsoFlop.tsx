import { besiroglu, type ChinchillaFit, chinchillaLoss, hoffmannExact } from '@core/scaling/laws/chinchilla'
import { formatCount } from '../charts/format'
import { formatPower } from '../charts/format-large'
import { budgetSeries } from '../charts/iso-flop-series'
import { lossAxis } from '../charts/loss-axis'
import { XYChart } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { Figure } from '../ui/Figure'
import { Formula } from '../ui/Formula'
import { Panel } from '../ui/Panel'
import styles from './Scaling.module.css'
import type { IsoFlopStudy } from './state'
import { useStudy } from './studies'

/** Exponents of the best size in compute, as published. */
const published = [
  { name: 'Kaplan et al. 2020, table 6', exponent: 0.73 },
  { name: 'Hoffmann et al. 2022, approach 3', exponent: sizeExponent(hoffmannExact) },
  { name: 'Besiroglu et al. 2024', exponent: sizeExponent(besiroglu) }
]

/** Losses of several sizes at equal training FLOPs, the best size of each budget, and the law behind. */
export function IsoFlop() {
  const study = useStudy('isoFlop')
  if (study === undefined) return <p className={styles.note}>Reading the trainings, and fitting their law …</p>
  if (typeof study === 'string') return <p className={styles.note}>{study}</p>
  const { law, budgets } = study
  const { low, high } = law.sizeExponentInterval
  return (
    <>
      <p className={styles.answer} data-testid="answer">
        <span>the best size grows as</span>
        <strong data-kind="dense">
          <Figure
            exact={`exponent ${law.sizeExponent.toFixed(4)}, ${100 * law.confidence} % interval ${low.toFixed(4)} to ${high.toFixed(4)}`}
            definition="beta / (alpha + beta) of L(N, D) = E + A/N^alpha + B/D^beta, fitted to all trainings of dense models that come with the app; interval by bootstrap over the trainings."
            provenance="shipped"
          >
            <Formula text={`C^${law.sizeExponent.toFixed(2)}`} />
          </Figure>
        </strong>
        <span>
          ({low.toFixed(2)} – {high.toFixed(2)}) with the compute C of training: {bestSizes(study)}
        </span>
      </p>
      <div className={styles.columns}>
        <ChartPanel
          title="Loss against size at equal training FLOPs"
          fileName="iso-flop"
          legend="points: measured; curves: parabolas through them; dashed: the fitted law; ringed: the best size"
          table={() => ({
            columns: ['flops', 'parameters', 'characters', 'loss', 'law_loss', 'best_parameters', 'best_loss'],
            rows: budgets.flatMap(({ flops, points, best }) =>
              points.map(({ parameters, tokens, loss }) => [
                flops,
                parameters,
                tokens,
                loss,
                chinchillaLoss(law.fit, { parameters, tokens }),
                best?.parameters ?? null,
                best?.loss ?? null
              ])
            )
          })}
        >
          {(frame) => (
            <XYChart
              {...frame}
              series={budgetSeries(budgets, (point) => chinchillaLoss(law.fit, point))}
              references={[{ y: law.fit.E, label: 'floor' }]}
              x={{ label: 'total parameters', scale: 'log', format: formatCount }}
              y={lossAxis}
              labelRoom={110}
              description={`Losses of ${budgets.flatMap(({ points }) => points).length} trainings at ${budgets.length} budgets against their size`}
            />
          )}
        </ChartPanel>
        <Panel title="What these curves are">
          <dl className={styles.facts}>
            <dt>Measured</dt>
            <dd>
              Shipped with the app: dense models of one recipe, each trained on as much text as its budget pays for
              (Hoffmann et al. 2022, section 3.2). Losses on the same unseen text.
            </dd>
            <dt>Law</dt>
            <dd>
              <Formula text="L(N, D) = E + A / N^alpha + B / D^beta" />; N total parameters, D characters read
            </dd>
            <dt>Fit</dt>
            <dd>
              E = {law.fit.E.toPrecision(3)}
              {law.floorKnown ? ', the entropy of the text: known' : ''}; A {constant(study, 'A')}, alpha{' '}
              {constant(study, 'alpha')}, B {constant(study, 'B')}, beta {constant(study, 'beta')}; to{' '}
              {law.points.length} trainings, with an error of {(100 * law.error).toPrecision(2)} %
            </dd>
            <dt>Exponent of the best size</dt>
            <dd>
              <ul className={styles.exponents}>
                <li>
                  here {law.sizeExponent.toFixed(2)} ({low.toFixed(2)} – {high.toFixed(2)})
                </li>
                {published.map(({ name, exponent }) => (
                  <li key={name}>
                    {name}: {exponent.toFixed(2)}
                  </li>
                ))}
              </ul>
              Theirs are of other text, and of models a million times as large.
            </dd>
          </dl>
        </Panel>
      </div>
    </>
  )
}

function bestSizes({ budgets }: IsoFlopStudy): string {
  return budgets
    .map(
      ({ flops, best }) =>
        `${best ? formatCount(best.parameters) : 'none of those tried'} for ${formatPower(flops)} FLOPs`
    )
    .join(', ')
}

function constant({ law }: IsoFlopStudy, name: keyof ChinchillaFit): string {
  const { low, high } = law.intervals[name]
  const [fitted, from, to] = [law.fit[name], low, high].map((value) =>
    value < 1000 ? value.toPrecision(3) : formatPower(value)
  )
  return `${fitted} (${from} – ${to})`
}

/** Hoffmann et al. 2022, equation 4. */
function sizeExponent({ alpha, beta }: ChinchillaFit): number {
  return beta / (alpha + beta)
}
