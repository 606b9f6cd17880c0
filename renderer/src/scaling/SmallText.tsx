import { formatCount, formatLoss } from '../charts/format'
import { XYChart } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { Figure } from '../ui/Figure'
import { Panel } from '../ui/Panel'
import styles from './Scaling.module.css'
import type { SmallTextRun } from './state'
import { useStudy } from './studies'

const names = { trainingLoss: 'text it read', validationLoss: 'unseen text' } as const

/** Losses on a small text that was read again and again, and on unseen text, against size. */
export function SmallText() {
  const study = useStudy('smallText')
  if (study === undefined) return <p className={styles.note}>The trainings are read.</p>
  if (typeof study === 'string') return <p className={styles.note}>{study}</p>
  const { runs, characters, epochs, floor } = study
  const best = runs.reduce((least, run) => (run.validationLoss < least.validationLoss ? run : least))
  const largest = runs.at(-1) ?? best
  const lineOf = (of: keyof typeof names) =>
    runs.map((run) => ({
      x: run.parameters,
      y: run[of],
      title: `${formatCount(run.parameters)}: ${formatLoss(run[of])} on ${names[of]}`
    }))
  return (
    <>
      <p className={styles.answer} data-testid="answer">
        <strong data-kind="dense">
          <Figure
            exact={`${best.parameters} total parameters, validation loss ${best.validationLoss}`}
            definition="The size with the smallest loss on unseen text among those trained on the small text."
            provenance="shipped"
          >
            {formatCount(best.parameters)}
          </Figure>
        </strong>
        <span>total parameters did best on unseen text; {consequence(best, largest)}</span>
      </p>
      <div className={styles.columns}>
        <ChartPanel
          title={`${formatCount(characters)} characters, read ${epochs.toFixed(0)} times`}
          fileName="small-text"
          legend="shipped measurements"
          table={() => ({
            columns: ['parameters', 'training_loss', 'validation_loss'],
            rows: runs.map(({ parameters, trainingLoss, validationLoss }) => [parameters, trainingLoss, validationLoss])
          })}
        >
          {(frame) => (
            <XYChart
              {...frame}
              series={[
                {
                  id: 'training',
                  label: names.trainingLoss,
                  mark: 'line',
                  dots: true,
                  look: 'dashed',
                  points: lineOf('trainingLoss')
                },
                {
                  id: 'validation',
                  label: names.validationLoss,
                  mark: 'line',
                  dots: true,
                  colour: 'var(--dense)',
                  points: lineOf('validationLoss')
                }
              ]}
              references={[{ y: floor, label: 'floor' }]}
              x={{ label: 'total parameters', scale: 'log', format: formatCount }}
              y={{ label: 'loss, nats per character', scale: 'linear', format: (value) => value.toFixed(1) }}
              labelRoom={110}
              description={`Losses of ${runs.length} sizes on the text that they read ${epochs.toFixed(0)} times and on unseen text`}
            />
          )}
        </ChartPanel>
        <Panel title="What these curves are">
          <dl className={styles.facts}>
            <dt>Measured</dt>
            <dd>
              Shipped with the app: dense models of one recipe on the same {formatCount(characters)} characters, each
              read {epochs.toFixed(0)} times.
            </dd>
            <dt>Overfitting</dt>
            <dd>
              A model that knows its text by heart falls below the floor on it, which no model can on unseen text. What
              it learns beyond the rules of the text is of no use elsewhere.
            </dd>
          </dl>
        </Panel>
      </div>
    </>
  )
}

function consequence(best: SmallTextRun, largest: SmallTextRun): string {
  if (best === largest) return 'no larger one was tried'
  const more = largest.validationLoss - best.validationLoss
  const less = best.trainingLoss - largest.trainingLoss
  const size = formatCount(largest.parameters)
  return `${size} read its own text ${formatLoss(less)} nats better, and unseen text ${formatLoss(more)} nats worse`
}
