import type { DomainSpecialisation } from '@core/routing/statistics/domain-specialisation'
import { isUnavailable } from '@core/routing/statistics/statistic'
import { formatExact, formatPercent, formatRatio } from '../charts/format'
import { Heatmap } from '../charts/Heatmap'
import { ChartPanel } from '../ui/ChartPanel'
import { StepLines } from './StepLines'
import { type OverTrainingProps, useMeasuredRows } from './TrainingLines'
import { layerName, useInspected } from './use-inspected'
import type { Followed } from './use-training'

/** Specialisation over training: mutual information with the domain, and the chosen expert domain by domain. */
export function TrainingDomains({ points }: OverTrainingProps) {
  if (points.some(({ domains }) => isUnavailable(domains))) return null
  return (
    <>
      <InformationOverTraining points={points} />
      <ExpertDomains points={points} />
    </>
  )
}

/** The specialisation at one checkpoint; undefined for a trace without domains. */
function domainsOf({ domains }: Followed): DomainSpecialisation | undefined {
  return isUnavailable(domains) ? undefined : domains
}

function InformationOverTraining({ points }: OverTrainingProps) {
  const { facts, layer } = useInspected()
  const rows = useMeasuredRows(points)
  const information = (point: Followed, row: number) => domainsOf(point)?.information.first[row]
  const value = (point: Followed, row: number) => information(point, row)?.corrected ?? Number.NaN
  const place = Math.max(0, points[0]?.choices.layers.indexOf(layer) ?? 0)
  const [first, last] = [points[0], points.at(-1)]
  return (
    <ChartPanel
      title="Do experts come to specialise?"
      fileName="domain-information-over-training"
      answer={
        first &&
        last && (
          <>
            In {layerName(facts, layer)} the domain predicts <b>{value(first, place).toFixed(2)}</b> bits of the first
            choice at step {formatExact(first.step)}, <b>{value(last, place).toFixed(2)}</b> of{' '}
            {(information(last, place)?.expertEntropy ?? Number.NaN).toFixed(2)} at step {formatExact(last.step)}.
          </>
        )
      }
      table={() => ({
        columns: ['step', 'layer', 'bits_corrected', 'bits_plug_in', 'expert_entropy'],
        rows: rows.map(({ point, row, layer: number }) => {
          const found = information(point, row)
          return [point.step, number, found?.corrected ?? null, found?.plugIn ?? null, found?.expertEntropy ?? null]
        })
      })}
    >
      {(frame) => (
        <StepLines
          frame={frame}
          points={points}
          value={value}
          y={{ label: 'mutual information of domain and first choice, bits', format: (y) => y.toFixed(2), from: 0 }}
          references={[{ y: 0, label: 'random' }]}
          description="Mutual information of domain and first choice over the training, by layer"
        />
      )}
    </ChartPanel>
  )
}

function ExpertDomains({ points }: OverTrainingProps) {
  const { facts, layer, expert } = useInspected()
  const [sample] = points.map(domainsOf)
  if (!sample) return null
  const { domains, experts, layers, tokens, baselines } = sample
  const rows = [...domains.keys()].filter((domain) => (tokens[domain] ?? 0) > 0)
  const start = Math.max(0, layers.indexOf(layer)) * domains.length * experts
  const share = (point: number, domain: number) =>
    (points[point] && domainsOf(points[point])?.ofTokens[start + domain * experts + expert]) ?? Number.NaN
  const end = points.length - 1
  const favourite = rows.reduce((best, each) => (share(end, each) > share(end, best) ? each : best), rows[0] ?? 0)
  return (
    <ChartPanel
      title={`Expert ${expert} of ${layerName(facts, layer)}, domain by domain`}
      fileName="expert-domains-over-training"
      answer={
        <>
          Of the tokens of “{domains[favourite]}” it gets <b>{formatPercent(share(0, favourite))}</b> at step{' '}
          {formatExact(points[0]?.step ?? 0)}, <b>{formatPercent(share(end, favourite))}</b> at step{' '}
          {formatExact(points[end]?.step ?? 0)}; at random {formatPercent(baselines.ofTokens)}.
        </>
      }
      table={() => ({
        columns: ['step', 'layer', 'expert', 'domain', 'share_of_tokens', 'random'],
        rows: points.flatMap(({ step }, point) =>
          rows.map((domain) => [
            step,
            facts.layers[layer] ?? layer,
            expert,
            domains[domain] ?? '',
            share(point, domain),
            baselines.ofTokens
          ])
        )
      })}
    >
      {(frame) => (
        <Heatmap
          {...frame}
          rows={rows.map((domain) => domains[domain] ?? '')}
          columns={points.map(({ step }) => formatExact(step))}
          rowTitle="domain"
          columnTitle="training step"
          unit="random"
          ratio={(row, point) => share(point, rows[row] ?? 0) / baselines.ofTokens}
          title={(row, point) =>
            `${domains[rows[row] ?? 0]} at step ${formatExact(points[point]?.step ?? 0)}: ` +
            `${formatPercent(share(point, rows[row] ?? 0))} of its tokens, ` +
            `${formatRatio(share(point, rows[row] ?? 0) / baselines.ofTokens)} random`
          }
          rowHeight={24}
          description={`Share of each domain that goes to expert ${expert} over the training, as a ratio to random routing`}
        />
      )}
    </ChartPanel>
  )
}
