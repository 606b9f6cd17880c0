import { findLaw, type Law, type LawPoint } from '@core/scaling/laws'
import { expandedParameters } from '@core/scaling/laws/fine-grained-moe'
import { omittedText } from '@core/scaling/laws/omitted'
import { formatRatio } from '../charts/format'
import { formatLarge } from '../charts/format-large'
import { XYChart } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { Figure } from '../ui/Figure'
import { Panel } from '../ui/Panel'
import { AmountRange, ExpertsRange, GranularityRange, LawFacts, useLaw } from './controls'
import { withinWords } from './law-curve'
import styles from './Scaling.module.css'
import { useScaling } from './use-scaling'

const routed = ['clark2022-s-base', 'clark2022-rl-r', 'clark2022-hash'] as const
const among = [...routed, 'krajewski2024-moe', 'geometric-mean']

/** Effective parameters of a model with experts by published laws, over the dense model that it grew from. */
export function ExpertLaws() {
  const [chosen, choose] = useScaling()
  const law = useLaw(among)
  const dense = 10 ** chosen.parameters
  const asked = askedOf(dense, chosen.experts, 10 ** chosen.tokens, chosen.granularity)
  const rows = among.flatMap((id) => {
    const each = findLaw(id)
    return each ? [{ law: each, point: asked(id) }] : []
  })
  const effectiveOf = ({ law, point }: (typeof rows)[number]) => law.figures(point).effectiveParameters
  const shown = rows.find((row) => row.law.id === law.id)
  const effective = shown && effectiveOf(shown)
  const counts = Array.from({ length: 41 }, (_, i) => 2 ** (i / 4))
  const curves = routed.map((id) => {
    const each = lawOf(id)
    return {
      law: each,
      points: counts.map((experts) => ({
        experts,
        ratio: (each.figures({ parameters: dense, experts }).effectiveParameters ?? Number.NaN) / dense,
        within: each.within({ parameters: dense, experts })
      }))
    }
  })
  return (
    <>
      <p className={styles.answer} data-testid="answer">
        <strong data-kind="moe">
          <Figure
            exact={effective === undefined ? 'no figure' : `${effective.toPrecision(4)} effective parameters`}
            definition={`${law.formula}. ${law.source}. ${law.note ?? ''}`}
            provenance="predicted"
          >
            {effective === undefined ? '–' : formatRatio(effective / dense)}
          </Figure>
        </strong>
        <span>
          effective over dense parameters for {formatLarge(dense)} with {chosen.experts} experts, by {law.name};{' '}
          <small>{shown && withinWords[law.within(shown.point)]}</small>
        </span>
      </p>
      <div className={styles.bar}>
        <AmountRange amount="parameters" />
        <ExpertsRange />
        <AmountRange amount="tokens" />
        <GranularityRange />
      </div>
      <div className={styles.columns}>
        <ChartPanel
          title="Effective over dense parameters, as experts are added"
          fileName="effective-by-experts"
          legend="predicted by Clark et al. 2022, top-1"
          note="Faint: sizes outside the region of the fit. The laws saturate: more experts help less and less, and large models gain less than small ones."
          table={() => ({
            columns: ['experts', ...routed],
            rows: counts.map((experts, i) => [experts, ...curves.map(({ points }) => points[i]?.ratio ?? null)])
          })}
        >
          {(frame) => (
            <XYChart
              {...frame}
              series={curves.map(({ law: each, points }) => ({
                id: each.id,
                label: each.name.replace('routed, ', ''),
                mark: 'line',
                look: each.within({ parameters: dense, experts: 64 }) === 'outside' ? 'faint' : 'plain',
                colour: each.id === law.id ? 'var(--moe)' : 'var(--mute)',
                points: points.map(({ experts, ratio, within }) => ({
                  x: experts,
                  y: ratio,
                  title: `${Math.round(experts)} experts: ${formatRatio(ratio)}, ${withinWords[within].split(':')[0]}`
                }))
              }))}
              references={[{ y: 1, label: 'dense' }]}
              x={{ label: 'experts', scale: 'log', format: formatLarge }}
              y={{ label: 'effective parameters over dense ones', scale: 'log', format: (value) => formatRatio(value) }}
              labelRoom={170}
              description={`Effective over dense parameters against experts, by three laws, for ${formatLarge(dense)}`}
            />
          )}
        </ChartPanel>
        <div className={styles.side}>
          <Panel title="Effective parameters by law">
            <div className={styles.scroll}>
              <table className={styles.table}>
                <thead>
                  <tr>
                    <th scope="col">Law</th>
                    <th scope="col">Effective parameters</th>
                    <th scope="col">Region</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => {
                    const effective = effectiveOf(row)
                    return (
                      <tr key={row.law.id} data-chosen={row.law.id === law.id || undefined}>
                        <th scope="row">
                          <button type="button" className={styles.link} onClick={() => choose({ law: row.law.id })}>
                            {row.law.name}
                          </button>
                        </th>
                        <td>{effective === undefined ? '–' : formatLarge(effective)}</td>
                        <td>{row.law.provenance === 'folklore' ? 'folklore' : row.law.within(row.point)}</td>
                      </tr>
                    )
                  })}
                </tbody>
              </table>
            </div>
            <p className={styles.note}>{omittedText}</p>
            <p className={styles.note}>
              {formatLarge(expandedParameters(dense, chosen.experts))} total parameters if feed-forwards are repeated{' '}
              {chosen.experts} times (without embeddings); the dense size is active.
            </p>
          </Panel>
          <Panel title="About this law">
            <LawFacts law={law} />
          </Panel>
        </div>
      </div>
    </>
  )
}

/** The same model as each law counts it. */
function askedOf(dense: number, experts: number, tokens: number, granularity: number): (id: string) => LawPoint {
  const total = expandedParameters(dense, experts)
  return (id) => {
    if (id === 'krajewski2024-moe') return { parameters: total, tokens, granularity }
    return id === 'geometric-mean' ? { parameters: total, active: dense } : { parameters: dense, experts }
  }
}

function lawOf(id: string): Law {
  const law = findLaw(id)
  if (!law) throw new Error(`there is no law '${id}'`)
  return law
}
