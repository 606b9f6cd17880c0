import { laws } from '@core/scaling/laws'
import { publishedModels } from '@core/scaling/published-models'
import { formatLarge, formatPower } from '../charts/format-large'
import { XYChart } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { Figure } from '../ui/Figure'
import { Panel } from '../ui/Panel'
import { AmountRange, LawChoice, LawFacts, useLaw } from './controls'
import { withinWords } from './law-curve'
import styles from './Scaling.module.css'
import { useScaling } from './use-scaling'

/** Laws that say how to divide a budget between size and text. */
const dividing = laws.filter(({ takes }) => takes.some((inputs) => inputs.includes('flops')))
const among = dividing.map(({ id }) => id)

/** The size that is best for so many FLOPs of training, by every law that says. */
export function Budget() {
  const [chosen] = useScaling()
  const law = useLaw(among)
  const flops = 10 ** chosen.flops
  const { loss = Number.NaN, optimalParameters = 1, optimalTokens = 1, tokensPerParameter = 1 } = law.figures({ flops })
  const sizes = Array.from({ length: 81 }, (_, i) => optimalParameters * 100 ** (i / 40 - 1))
  const lossAt = (parameters: number) => law.figures({ parameters, tokens: flops / 6 / parameters }).loss ?? Number.NaN
  const within = law.within({ parameters: optimalParameters, tokens: optimalTokens })
  const near = publishedModels.filter(
    ({ role, total, tokens }) =>
      role === 'dense' && tokens !== null && Math.abs(Math.log10((6 * total * tokens) / flops)) < 0.5
  )
  return (
    <>
      <p className={styles.answer} data-testid="answer">
        <strong data-kind="dense">
          <Figure
            exact={`${optimalParameters.toPrecision(4)} parameters, ${optimalTokens.toPrecision(4)} tokens`}
            definition={`The size of least loss with 6 N D = ${formatPower(flops)} FLOPs, by ${law.source}.`}
            provenance="predicted"
          >
            {formatLarge(optimalParameters)}
          </Figure>
        </strong>
        <span>
          parameters on {formatLarge(optimalTokens)} tokens, {tokensPerParameter.toPrecision(3)} for each parameter;{' '}
          <small>{withinWords[within]}</small>
        </span>
      </p>
      <div className={styles.bar}>
        <LawChoice law={law} among={among} />
        <AmountRange amount="flops" />
      </div>
      <div className={styles.columns}>
        <ChartPanel
          title={`All sizes that ${formatPower(flops)} FLOPs can train`}
          fileName={`budget-${law.id}`}
          legend={`predicted by ${law.name}`}
          note="Grey: published dense models of about this budget, with the loss that the law expects."
          table={() => ({
            columns: ['parameters', 'tokens', 'loss_nats_per_token'],
            rows: sizes.map((parameters) => [parameters, flops / 6 / parameters, lossAt(parameters)])
          })}
        >
          {(frame) => (
            <XYChart
              {...frame}
              series={[
                {
                  id: 'budget',
                  label: '',
                  mark: 'line',
                  points: sizes.map((parameters) => ({
                    x: parameters,
                    y: lossAt(parameters),
                    title: `${formatLarge(parameters)} on ${formatLarge(flops / 6 / parameters)} tokens: ${lossAt(parameters).toFixed(3)}`
                  }))
                },
                {
                  id: 'best',
                  label: '',
                  mark: 'points',
                  colour: 'var(--dense)',
                  points: [
                    { x: optimalParameters, y: loss, name: 'best', title: `best: ${loss.toFixed(3)} nats per token` }
                  ]
                },
                {
                  id: 'published',
                  label: '',
                  mark: 'points',
                  colour: 'var(--mute)',
                  points: near.map(({ name, total, tokens }) => {
                    const expected = law.figures({ parameters: total, tokens: tokens ?? 1 }).loss ?? Number.NaN
                    return {
                      x: total,
                      y: expected,
                      name,
                      title: `${name}: ${formatLarge(total)}, ${formatLarge(tokens ?? 0)} tokens`
                    }
                  })
                }
              ]}
              x={{ label: 'parameters', scale: 'log', format: formatLarge }}
              y={{ label: 'loss, nats per token', scale: 'linear', format: (value) => value.toFixed(2) }}
              description={`Loss against size at a fixed budget; the best size is ${formatLarge(optimalParameters)}`}
            />
          )}
        </ChartPanel>
        <div className={styles.side}>
          <Panel title="What each law says">
            <div className={styles.scroll}>
              <table className={styles.table}>
                <thead>
                  <tr>
                    <th scope="col">Law</th>
                    <th scope="col">Size</th>
                    <th scope="col">Tokens</th>
                    <th scope="col">Each</th>
                  </tr>
                </thead>
                <tbody>
                  {dividing.map((each) => {
                    const figures = each.figures({ flops })
                    return (
                      <tr key={each.id} data-chosen={each.id === law.id || undefined}>
                        <th scope="row">{each.name}</th>
                        <td>{formatLarge(figures.optimalParameters ?? Number.NaN)}</td>
                        <td>{formatLarge(figures.optimalTokens ?? Number.NaN)}</td>
                        <td>{figures.tokensPerParameter?.toPrecision(3)}</td>
                      </tr>
                    )
                  })}
                </tbody>
              </table>
            </div>
          </Panel>
          <Panel title="About this law">
            <LawFacts law={law} />
          </Panel>
        </div>
      </div>
    </>
  )
}
