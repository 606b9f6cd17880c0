import { type LawPoint, laws } from '@core/scaling/laws'
import { publishedModels } from '@core/scaling/published-models'
import { formatLarge, formatPower } from '../charts/format-large'
import { XYChart, type XYPoint, type XYSeries } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { Figure } from '../ui/Figure'
import { Panel } from '../ui/Panel'
import { Segments } from '../ui/Segments'
import type { LawAxis } from './choices'
import { AmountRange, ExpertsRange, GranularityRange, LawChoice, LawFacts, useLaw } from './controls'
import { axesOf, chosenPoint, lawCurve, stretchesOf, withinWords } from './law-curve'
import styles from './Scaling.module.css'
import { useScaling } from './use-scaling'

/** Laws that give a loss without asking for more than this screen offers. */
const among = laws.filter(({ gives, id }) => gives.includes('loss') && id !== 'sardana2023').map(({ id }) => id)

const axisNames: Readonly<Record<LawAxis, string>> = { parameters: 'Size', tokens: 'Text', flops: 'Compute' }
const axisLabels: Readonly<Record<LawAxis, string>> = {
  parameters: 'parameters',
  tokens: 'tokens trained on',
  flops: 'FLOPs of training, best spent'
}

/** The loss that a law expects, along size, text or compute; published models as points on it. */
export function LawLoss() {
  const [chosen, choose] = useScaling()
  const law = useLaw(among)
  const axes = axesOf(law)
  const along = axes.includes(chosen.along) ? chosen.along : (axes[0] ?? 'parameters')
  const point = chosenPoint(law, along, chosen)
  const { loss = Number.NaN } = law.figures(point)
  const curve = lawCurve(law, along, chosen)
  const format = along === 'flops' ? formatPower : formatLarge
  const takesTokens = law.takes.some((inputs) => inputs.includes('tokens'))
  const series: XYSeries[] = [
    ...stretchesOf(curve).map(
      ({ within, points }, i): XYSeries => ({
        id: `stretch-${i}`,
        label: '',
        mark: 'line',
        look: within === 'inside' ? 'plain' : within === 'outside' ? 'faint' : 'dashed',
        points: points.map(({ x, loss }) => ({
          x,
          y: loss,
          title: `${format(x)}: ${loss.toFixed(3)} nats per token, ${withinWords[within].split(':')[0]}`
        }))
      })
    ),
    ...(['dense', 'moe'] as const).map(
      (role): XYSeries => ({
        id: role,
        label: '',
        mark: 'points',
        colour: `var(--${role})`,
        points: takesTokens ? publishedPoints(role, along, (point) => law.figures(point).loss) : []
      })
    ),
    {
      id: 'asked',
      label: '',
      mark: 'points',
      points: [{ x: point[along] ?? 1, y: loss, title: `asked: ${loss.toFixed(3)} nats per token` }]
    }
  ]
  return (
    <>
      <p className={styles.answer} data-testid="answer">
        <strong>
          <Figure
            exact={`${loss.toFixed(4)} nats per token`}
            definition={`${law.formula}. ${law.source}. In the law's own text and tokenizer: losses of two laws do not compare.`}
            provenance="predicted"
          >
            {loss.toFixed(2)}
          </Figure>
        </strong>
        <span>
          nats per token {askedWords(point)}, by {law.name};{' '}
          <small data-within={law.within(point)}>{withinWords[law.within(point)]}</small>
        </span>
      </p>
      <div className={styles.bar}>
        <LawChoice law={law} among={among} />
        <Segments
          label="Along"
          value={along}
          options={axes.map((axis) => ({ value: axis, label: axisNames[axis] }))}
          onChange={(axis) => choose({ along: axis })}
        />
        {along === 'flops' ? (
          <AmountRange amount="flops" />
        ) : (
          <>
            {law.takes.flat().includes('parameters') && <AmountRange amount="parameters" />}
            {takesTokens && <AmountRange amount="tokens" />}
          </>
        )}
        {law.takes.flat().includes('experts') && <ExpertsRange />}
        {law.takes.flat().includes('granularity') && <GranularityRange />}
      </div>
      <div className={styles.columns}>
        <ChartPanel
          title={`Loss against ${axisNames[along].toLowerCase()}, by ${law.name}`}
          fileName={`loss-${law.id}-${along}`}
          legend="strong: where it was fitted; faint: outside; dashed: not known"
          note="Points: published models at their own size and text, with the loss that this law expects of them, not the one that was measured. MoE models count as dense ones of their active size, which underrates them."
          table={() => ({
            columns: [along, 'loss_nats_per_token', 'region'],
            rows: curve.map(({ x, loss, within }) => [x, loss, within])
          })}
        >
          {(frame) => (
            <XYChart
              {...frame}
              series={series}
              x={{ label: axisLabels[along], scale: 'log', format }}
              y={{ label: 'loss, nats per token', scale: 'linear', format: (value) => value.toFixed(1) }}
              description={`Loss by ${law.name} along ${axisLabels[along]}; ${loss.toFixed(3)} nats per token at the point asked for`}
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

/** Inputs of a law, in words. */
function askedWords({ parameters, tokens, flops, experts }: LawPoint): string {
  if (flops !== undefined) return `for ${formatPower(flops)} FLOPs, best spent`
  return [
    parameters !== undefined && `of ${formatLarge(parameters)} parameters`,
    experts !== undefined && `with ${experts} experts`,
    tokens !== undefined && `after ${formatLarge(tokens)} tokens`
  ]
    .filter(Boolean)
    .join(' ')
}

type Asked = { readonly parameters: number; readonly tokens: number }

function publishedPoints(
  role: 'dense' | 'moe',
  along: LawAxis,
  lossOf: (point: Asked) => number | undefined
): XYPoint[] {
  return publishedModels.flatMap((model) => {
    const { name, total, active, tokens } = model
    if (model.role !== role || tokens === null) return []
    const parameters = role === 'moe' ? active : total
    const loss = lossOf({ parameters, tokens })
    if (loss === undefined) return []
    const x = { parameters, tokens, flops: 6 * parameters * tokens }[along]
    const size = `${formatLarge(parameters)}${role === 'moe' ? ' active' : ''}`
    return [
      { x, y: loss, name, title: `${name}: ${size}, ${formatLarge(tokens)} tokens; the law expects ${loss.toFixed(3)}` }
    ]
  })
}
