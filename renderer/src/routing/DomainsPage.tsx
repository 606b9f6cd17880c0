import type { DomainSpecialisation } from '@core/routing/statistics/domain-specialisation'
import type { MutualInformation } from '@core/routing/statistics/mutual-information'
import type { VocabularySpecialisation } from '@core/routing/statistics/vocabulary-specialisation'
import { formatExact, formatPercent, formatRatio, visible } from '../charts/format'
import { Heatmap } from '../charts/Heatmap'
import type { NamedVocabulary } from '../engine/routing-protocol'
import { ChartPanel } from '../ui/ChartPanel'
import { Segments } from '../ui/Segments'
import { Awaited } from './Awaited'
import { type LayerLine, LayerLines } from './LayerLines'
import styles from './pages.module.css'
import { layerName, useInspected, useStatistics } from './use-inspected'

/** Specialisation: mutual information of the first choice with domain and token. */
export function DomainsPage() {
  const { domains, vocabulary } = useStatistics('domains', 'vocabulary')
  return (
    <>
      {domains.status === 'known' && <InformationAnswer domains={domains.value} />}
      <Awaited known={domains}>{(value) => <DomainMap measured={value} />}</Awaited>
      <div className={styles.pair}>
        <InformationPanel
          domains={domains.status === 'known' ? domains.value : undefined}
          vocabulary={vocabulary.status === 'known' ? vocabulary.value : undefined}
        />
        <Awaited known={vocabulary}>{(value) => <VocabularyPanel measured={value} />}</Awaited>
      </div>
    </>
  )
}

/** Mutual information of domain and first choice in the chosen layer. */
function InformationAnswer({ domains }: { domains: DomainSpecialisation }) {
  const { facts, layer } = useInspected()
  const found = domains.information.first[Math.max(0, domains.layers.indexOf(layer))]
  if (!found) return null
  return (
    <p className={styles.answer}>
      In {layerName(facts, layer)} the domain predicts <strong>{found.corrected.toFixed(2)}</strong> of the{' '}
      {found.expertEntropy.toFixed(2)} bits of the first choice; at random none.
    </p>
  )
}

function DomainMap({ measured }: { measured: DomainSpecialisation }) {
  const { facts, inspection, layer, expert, inspect } = useInspected()
  const { domainShare } = inspection
  const denominator = domainShare === 'tokens' ? 'ofTokens' : 'ofAssignments'
  const { experts, layers, tokens, baselines } = measured
  const rows = [...measured.domains.keys()].filter((domain) => (tokens[domain] ?? 0) > 0)
  const shares = measured[denominator]
  const baseline = baselines[denominator]
  const start = Math.max(0, layers.indexOf(layer)) * measured.domains.length * experts
  const share = (row: number, column: number) => shares[start + (rows[row] ?? 0) * experts + column] ?? 0
  const what = domainShare === 'tokens' ? 'of the domain’s tokens' : 'of the domain’s assignments'
  const strongest = rows
    .flatMap((_, row) => Array.from({ length: experts }, (__, column) => ({ row, column, share: share(row, column) })))
    .reduce((best, each) => (each.share > best.share ? each : best), { row: 0, column: 0, share: 0 })
  return (
    <ChartPanel
      title={`Domains and experts, ${layerName(facts, layer)}`}
      fileName="domain-specialisation"
      aside={
        <Segments
          label="Denominator"
          value={domainShare}
          options={[
            { value: 'tokens', label: 'share of tokens' },
            { value: 'assignments', label: 'share of assignments' }
          ]}
          onChange={(domainShare) => inspect({ domainShare })}
        />
      }
      answer={
        <>
          Expert {strongest.column} gets <b>{formatPercent(strongest.share)}</b> {what} in “
          {measured.domains[rows[strongest.row] ?? 0]}”; at random {formatPercent(baseline)}.
        </>
      }
      table={() => ({
        columns: ['layer', 'domain', 'expert', 'share_of_tokens', 'share_of_assignments', 'tokens_of_domain'],
        rows: layers.flatMap((place, i) =>
          rows.flatMap((domain) =>
            Array.from({ length: experts }, (_, column) => {
              const at = (i * measured.domains.length + domain) * experts + column
              return [
                facts.layers[place] ?? place,
                measured.domains[domain] ?? '',
                column,
                measured.ofTokens[at] ?? null,
                measured.ofAssignments[at] ?? null,
                tokens[domain] ?? 0
              ]
            })
          )
        )
      })}
    >
      {(frame) => (
        <Heatmap
          {...frame}
          rows={rows.map((domain) => measured.domains[domain] ?? '')}
          columns={Array.from({ length: experts }, (_, each) => String(each))}
          rowTitle="domain"
          columnTitle="expert"
          unit="random"
          ratio={(row, column) => share(row, column) / baseline}
          title={(row, column) =>
            `${measured.domains[rows[row] ?? 0]}, expert ${column}: ${formatPercent(share(row, column))} ${what}, ` +
            `${formatRatio(share(row, column) / baseline)} random`
          }
          description="Share of each domain that goes to each expert, as a ratio to random routing"
          selected={{ column: expert }}
          onSelect={(_, column) => inspect({ expert: column })}
        />
      )}
    </ChartPanel>
  )
}

interface InformationProps {
  readonly domains: DomainSpecialisation | undefined
  readonly vocabulary: VocabularySpecialisation | undefined
}

function InformationPanel({ domains, vocabulary }: InformationProps) {
  const { facts } = useInspected()
  const line = (id: string, found: readonly MutualInformation[], colour: string): LayerLine => ({
    id,
    label: id,
    colour,
    values: found.map(({ corrected }) => corrected),
    title: (row) =>
      `the ${id} predicts ${(found[row]?.corrected ?? 0).toFixed(2)} bits (${(found[row]?.plugIn ?? 0).toFixed(2)} as counted)`
  })
  const [information] = domains?.information.first ?? []
  const [token] = vocabulary?.information ?? []
  return (
    <ChartPanel
      title="Does token or domain predict the expert?"
      fileName="mutual-information"
      answer={
        <>
          {token && (
            <>
              The token predicts <b>{token.corrected.toFixed(2)}</b> of {token.expertEntropy.toFixed(2)} bits of the
              first choice
            </>
          )}
          {token && information && ', '}
          {information && (
            <>
              the domain <b>{information.corrected.toFixed(2)}</b>
            </>
          )}
          {(token || information) && ` (${layerName(facts, 0)}).`}
        </>
      }
      table={() => ({
        columns: ['layer', 'about', 'bits_corrected', 'bits_plug_in', 'expert_entropy', 'label_entropy'],
        rows: [
          ...(vocabulary?.layers ?? []).map((layer, i) => informationRow(layer, 'token', vocabulary?.information[i])),
          ...(domains?.layers ?? []).map((layer, i) => informationRow(layer, 'domain', domains?.information.first[i]))
        ]
      })}
    >
      {(frame) => (
        <LayerLines
          frame={frame}
          layers={vocabulary?.layers ?? domains?.layers ?? []}
          lines={[
            ...(vocabulary ? [line('token', vocabulary.information, 'var(--ink)')] : []),
            ...(domains ? [line('domain', domains.information.first, 'var(--moe)')] : [])
          ]}
          y={{ label: 'mutual information, bits', format: (value) => value.toFixed(1), from: 0 }}
          references={[{ y: 0, label: 'random' }]}
          description="Mutual information of the first choice with the token and with the domain, by layer"
        />
      )}
    </ChartPanel>
  )

  function informationRow(layer: number, about: string, found: MutualInformation | undefined) {
    return [
      facts.layers[layer] ?? layer,
      about,
      found?.corrected ?? null,
      found?.plugIn ?? null,
      found?.expertEntropy ?? null,
      found?.labelEntropy ?? null
    ]
  }
}

const maxIds = 40

/** The tokens whose first choice is most certain. */
function VocabularyPanel({ measured }: { measured: NamedVocabulary }) {
  const { facts, layer, inspect } = useInspected()
  const { ids, texts, layers, shares, favourites, occurrences, means, baseline } = measured
  const start = Math.max(0, layers.indexOf(layer)) * ids.length
  const rows = Array.from(ids, (id, i) => ({
    id,
    name: texts ? visible(texts[i] ?? '') : `id ${id}`,
    share: shares[start + i] ?? 0,
    expert: favourites[start + i] ?? 0,
    count: occurrences[i] ?? 0
  })).sort((a, b) => b.share - a.share || b.count - a.count)
  const mean = means[Math.max(0, layers.indexOf(layer))] ?? Number.NaN
  return (
    <ChartPanel
      title={`Tokens with a favourite, ${layerName(facts, layer)}`}
      fileName="vocabulary-specialisation"
      answer={
        <>
          A token’s favourite is its first choice <b>{formatPercent(mean)}</b> of the time; at random{' '}
          {formatPercent(baseline)}.
        </>
      }
      table={() => ({
        columns: ['layer', 'token_id', 'token', 'favourite', 'share', 'occurrences'],
        rows: rows.map(({ id, name, share, expert, count }) => [
          facts.layers[layer] ?? layer,
          id,
          name,
          expert,
          share,
          count
        ])
      })}
    >
      <div className={styles.table}>
        <table>
          <thead>
            <tr>
              <th>token</th>
              <th>favourite</th>
              <th>share</th>
              <th>occurrences</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, maxIds).map(({ id, name, share, expert, count }) => (
              <tr key={id}>
                <td>
                  <code>{name}</code>
                </td>
                <td>
                  <button type="button" onClick={() => inspect({ expert, page: 'expert' })}>
                    expert {expert}
                  </button>
                </td>
                <td>{formatPercent(share)}</td>
                <td>{formatExact(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </ChartPanel>
  )
}
