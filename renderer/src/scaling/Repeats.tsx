import { dataConstrainedLaw, effectiveAllocation } from '@core/scaling/laws/data-constrained'
import { formatPercent } from '../charts/format'
import { formatLarge } from '../charts/format-large'
import { XYChart } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { Figure } from '../ui/Figure'
import { Panel } from '../ui/Panel'
import { AmountRange, LawFacts } from './controls'
import { withinWords } from './law-curve'
import styles from './Scaling.module.css'
import { useScaling } from './use-scaling'

const law = dataConstrainedLaw

/** Loss when the same text is read again and again, beside new text. */
export function Repeats() {
  const [chosen] = useScaling()
  const [parameters, uniqueTokens] = [10 ** chosen.parameters, 10 ** chosen.unique]
  const tokens = Math.max(uniqueTokens, 10 ** chosen.tokens)
  const epochs = tokens / uniqueTokens
  const effective = effectiveAllocation({ parameters, tokens }, uniqueTokens)
  const passes = Array.from({ length: 61 }, (_, i) => 100 ** (i / 60))
  const lossOf = (seen: number, unique: number) =>
    law.figures({ parameters, tokens: seen, uniqueTokens: unique }).loss ?? Number.NaN
  const curves = passes.map((pass) => ({
    pass,
    repeated: lossOf(pass * uniqueTokens, uniqueTokens),
    fresh: lossOf(pass * uniqueTokens, pass * uniqueTokens)
  }))
  return (
    <>
      <p className={styles.answer} data-testid="answer">
        <strong>
          <Figure
            exact={`${effective.tokens.toPrecision(4)} tokens if none were repeated`}
            definition={`D' = U + 15.4 U (1 - exp(-(D/U - 1) / 15.4)). ${law.source}.`}
            provenance="predicted"
          >
            {formatPercent(effective.tokens / tokens)}
          </Figure>
        </strong>
        <span>
          of new text: as much as {formatLarge(tokens)} tokens help that are {epochs.toPrecision(2)} epochs of{' '}
          {formatLarge(uniqueTokens)}; <small>{withinWords[law.within({ parameters, tokens, uniqueTokens })]}</small>
        </span>
      </p>
      <div className={styles.bar}>
        <AmountRange amount="parameters" />
        <AmountRange amount="unique" />
        <AmountRange amount="tokens" />
      </div>
      <div className={styles.columns}>
        <ChartPanel
          title={`${formatLarge(parameters)} parameters on ${formatLarge(uniqueTokens)} different tokens`}
          fileName="repeated-text"
          legend={`predicted by ${law.name}`}
          table={() => ({
            columns: ['epochs', 'loss_repeated', 'loss_new'],
            rows: curves.map(({ pass, repeated, fresh }) => [pass, repeated, fresh])
          })}
        >
          {(frame) => (
            <XYChart
              {...frame}
              series={[
                {
                  id: 'fresh',
                  label: 'new text',
                  mark: 'line',
                  look: 'dashed',
                  colour: 'var(--mute)',
                  points: curves.map(({ pass, fresh }) => ({
                    x: pass,
                    y: fresh,
                    title: `as if new: ${fresh.toFixed(3)}`
                  }))
                },
                {
                  id: 'repeated',
                  label: 'repeated',
                  mark: 'line',
                  points: curves.map(({ pass, repeated }) => ({
                    x: pass,
                    y: repeated,
                    title: `${pass.toPrecision(2)} times: ${repeated.toFixed(3)} nats per token`
                  }))
                },
                {
                  id: 'asked',
                  label: '',
                  mark: 'points',
                  points: [
                    {
                      x: epochs,
                      y: lossOf(tokens, uniqueTokens),
                      title: `asked: ${lossOf(tokens, uniqueTokens).toFixed(3)}`
                    }
                  ]
                }
              ]}
              x={{ label: 'epochs', scale: 'log', format: formatLarge, from: 1, to: 100 }}
              y={{ label: 'loss, nats per token', scale: 'linear', format: (value) => value.toFixed(2) }}
              labelRoom={80}
              description={`Loss with repeated and with new text; ${epochs.toPrecision(2)} epochs help as much as ${formatPercent(effective.tokens / tokens)} of new text`}
            />
          )}
        </ChartPanel>
        <Panel title="About this law">
          <LawFacts law={law} />
        </Panel>
      </div>
    </>
  )
}
