import { inferenceAwareLaw } from '@core/scaling/laws/inference-aware'
import { formatPercent } from '../charts/format'
import { formatLarge } from '../charts/format-large'
import { XYChart } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { Figure } from '../ui/Figure'
import { Panel } from '../ui/Panel'
import { AmountRange, LawFacts } from './controls'
import styles from './Scaling.module.css'
import { useScaling } from './use-scaling'

const law = inferenceAwareLaw

/** The size that reaches the same loss with the least compute of training and use together. */
export function Lifetime() {
  const [chosen] = useScaling()
  const given = { parameters: 10 ** chosen.parameters, tokens: 10 ** chosen.tokens }
  const served = 10 ** chosen.served
  const figures = law.figures({ ...given, inferenceTokens: served })
  const { loss = Number.NaN, optimalParameters = 1, optimalTokens = 1 } = figures
  const saved = (figures.optimalLifetimeFlops ?? 1) / (figures.lifetimeFlops ?? 1) - 1
  const uses = Array.from({ length: 71 }, (_, i) => 10 ** (8 + i / 10))
  const best = uses.map((inferenceTokens) => ({ inferenceTokens, ...law.figures({ loss, inferenceTokens }) }))
  return (
    <>
      <p className={styles.answer} data-testid="answer">
        <strong data-kind="dense">
          <Figure
            exact={`${optimalParameters.toPrecision(4)} parameters on ${optimalTokens.toPrecision(4)} tokens`}
            definition={`The least 6 N D + 2 N I that reaches ${loss.toFixed(3)} nats per token. ${law.source}.`}
            provenance="predicted"
          >
            {formatLarge(optimalParameters)}
          </Figure>
        </strong>
        <span>
          on {formatLarge(optimalTokens)} tokens reaches the same loss as {formatLarge(given.parameters)} on{' '}
          {formatLarge(given.tokens)}, and takes {formatPercent(Math.abs(saved))} {saved < 0 ? 'less' : 'more'} compute
          over its lifetime
        </span>
      </p>
      <div className={styles.bar}>
        <AmountRange amount="parameters" />
        <AmountRange amount="tokens" />
        <AmountRange amount="served" />
      </div>
      <div className={styles.columns}>
        <ChartPanel
          title="The best size for a loss, the more it is used"
          fileName="lifetime"
          legend={`predicted, ${law.within(given) === 'inside' ? 'inside' : 'outside'} the region of the fit`}
          table={() => ({
            columns: ['inference_tokens', 'parameters', 'tokens', 'lifetime_flops'],
            rows: best.map((each) => [
              each.inferenceTokens,
              each.optimalParameters ?? null,
              each.optimalTokens ?? null,
              each.optimalLifetimeFlops ?? null
            ])
          })}
        >
          {(frame) => (
            <XYChart
              {...frame}
              series={[
                {
                  id: 'best',
                  label: '',
                  mark: 'line',
                  colour: 'var(--dense)',
                  points: best.map(({ inferenceTokens, optimalParameters: size = 1, optimalTokens: tokens = 1 }) => ({
                    x: inferenceTokens,
                    y: size,
                    title: `${formatLarge(inferenceTokens)} tokens of use: ${formatLarge(size)} on ${formatLarge(tokens)}`
                  }))
                },
                {
                  id: 'asked',
                  label: '',
                  mark: 'points',
                  points: [{ x: served, y: optimalParameters, title: `asked: ${formatLarge(optimalParameters)}` }]
                }
              ]}
              references={[{ y: given.parameters, label: 'as given' }]}
              x={{ label: 'inference tokens', scale: 'log', format: formatLarge }}
              y={{ label: 'compute-optimal size, parameters', scale: 'log', format: formatLarge }}
              labelRoom={70}
              description={`Best size against use: ${formatLarge(optimalParameters)} for ${formatLarge(served)} tokens`}
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
