import { type Balance, balanceOf, layerOf } from '@core/routing/statistics/balance'
import type { ChoiceCounts } from '@core/routing/statistics/choice-counts'
import { randomVariation } from '@core/routing/statistics/random-routing'
import type { Repeats } from '@core/routing/statistics/repeats'
import { formatPercent, formatRatio } from '../charts/format'
import { ChartPanel } from '../ui/ChartPanel'
import { Figure } from '../ui/Figure'
import { Awaited } from './Awaited'
import { CapacityPanel } from './CapacityPanel'
import { type LayerLine, LayerLines } from './LayerLines'
import { LoadMap } from './LoadMap'
import styles from './pages.module.css'
import { RouterPanel } from './RouterPanel'
import { UniquePanel } from './UniquePanel'
import { useInspected, useStatistics } from './use-inspected'

/** Load, balance, dead experts, and what routing costs a batch. */
export function OverviewPage() {
  const { facts, inspection } = useInspected()
  const batches = [...new Set([...usualBatches, inspection.batch])].sort((a, b) => a - b)
  const names = batches.map((batch) => `unique-${batch}` as const)
  const { choices, repeats, drops, ...unique } = useStatistics('choices', 'repeats', 'drops', ...names)
  return (
    <>
      <Awaited known={choices}>{(counts) => <BalanceAnswer counts={counts} />}</Awaited>
      {choices.status === 'known' && (
        <>
          <LoadMap counts={choices.value} />
          <div className={styles.pair}>
            <BalancePanel counts={choices.value} />
            {facts.kind === 'trace' && (
              <>
                <Awaited known={repeats}>{(value) => <RepeatsPanel repeats={value} />}</Awaited>
                <UniquePanel known={names.flatMap((name) => unique[name] ?? [])} />
                <Awaited known={drops}>{(value) => <CapacityPanel drops={value} />}</Awaited>
                <RouterPanel />
              </>
            )}
          </div>
        </>
      )}
    </>
  )
}

/** Sizes of batches that are always counted, for the curve. */
const usualBatches = [1, 2, 4, 8, 16, 32, 64, 128, 256]

function BalanceAnswer({ counts }: { counts: ChoiceCounts }) {
  const { facts } = useInspected()
  const balances = counts.layers.map((_, i) => balanceOf(layerOf(counts.any, i, counts.experts)))
  const most = Math.max(...balances.map(({ maxViolation }) => maxViolation + 1))
  const dead = balances.reduce((sum, each) => sum + each.dead.length, 0)
  const dropped = counts.droppedChoices.reduce((sum, each) => sum + each, 0)
  const all = counts.experts * counts.layers.length
  return (
    <p className={styles.answer}>
      The busiest expert takes{' '}
      <Figure
        exact={`${most.toFixed(4)} times the even share of its layer`}
        definition="The largest count of any expert, divided by the mean count of its layer’s experts (max violation plus one)."
        provenance="measured here"
      >
        <strong>{formatRatio(most)}</strong>
      </Figure>{' '}
      its even share;{' '}
      {dead === 0 ? `none of the ${all} experts is dead.` : `${dead} of the ${all} experts were never chosen.`}
      {dropped > 0 && ` ${dropped} choices were dropped.`}
      {facts.topK === undefined && ' Counted without tokens.'}
    </p>
  )
}

/** Evenness by layer, against what random routing of as many tokens gives. */
function BalancePanel({ counts }: { counts: ChoiceCounts }) {
  const { facts } = useInspected()
  const rows = counts.layers.map((layer, i) => ({
    layer,
    ...balanceOf(layerOf(counts.any, i, counts.experts))
  }))
  const random = facts.topK === undefined ? undefined : randomVariation(counts.experts, facts.topK, counts.tokens)
  const mean = rows.reduce((sum, { cv }) => sum + cv, 0) / rows.length
  const balanceText = ({ cv, entropy, jain, dead }: Balance) =>
    `CV ${cv.toFixed(3)}, entropy ${entropy.toFixed(4)}, Jain ${jain.toFixed(4)}, ${dead.length} dead`
  return (
    <ChartPanel
      title="How even is the load?"
      fileName="balance-by-layer"
      answer={
        <>
          Loads vary by <b>{formatPercent(mean)}</b> of their mean
          {random !== undefined && `; random routing of as many tokens by ${formatPercent(random)}`}.
        </>
      }
      table={() => ({
        columns: ['layer', 'cv', 'entropy', 'jain', 'max_violation', 'dead'],
        rows: rows.map(({ layer, cv, entropy, jain, maxViolation, dead }) => [
          facts.layers[layer] ?? layer,
          cv,
          entropy,
          jain,
          maxViolation,
          dead.length
        ])
      })}
    >
      {(frame) => (
        <LayerLines
          frame={frame}
          layers={counts.layers}
          lines={[
            {
              id: 'cv',
              label: '',
              colour: 'var(--moe)',
              values: rows.map(({ cv }) => cv),
              title: (row) => (rows[row] ? balanceText(rows[row]) : '')
            }
          ]}
          y={{ label: 'coefficient of variation of the load', format: (value) => value.toFixed(2), from: 0 }}
          references={random === undefined ? [] : [{ y: random, label: 'random routing' }]}
          description={`Coefficient of variation of the load by layer, mean ${mean.toFixed(3)}`}
        />
      )}
    </ChartPanel>
  )
}

/** Repeated assignment of neighbouring tokens by layer, against random routing. */
function RepeatsPanel({ repeats }: { repeats: Repeats }) {
  const { facts } = useInspected()
  const { first, any, layers, baselines } = repeats
  const line = (id: 'first' | 'any', label: string, colour: string): LayerLine => ({
    id,
    label,
    colour,
    values: repeats[id],
    title: (row) => `${label} ${formatPercent(repeats[id][row] ?? 0)}, at random ${formatPercent(baselines[id])}`
  })
  const mean = first.reduce((sum, value) => sum + value, 0) / first.length
  return (
    <ChartPanel
      title="Do neighbours go to the same expert?"
      fileName="repeated-assignment"
      answer={
        <>
          <b>{formatPercent(mean)}</b> of tokens have the first choice of the token before; at random{' '}
          {formatPercent(baselines.first)}.
        </>
      }
      table={() => ({
        columns: ['layer', 'repeat_first', 'repeat_any', 'random_first', 'random_any'],
        rows: layers.map((layer, i) => [
          facts.layers[layer] ?? layer,
          first[i] ?? null,
          any[i] ?? null,
          baselines.first,
          baselines.any
        ])
      })}
    >
      {(frame) => (
        <LayerLines
          frame={frame}
          layers={layers}
          lines={[line('first', 'first choice', 'var(--moe)'), line('any', 'any choice', 'var(--ink)')]}
          y={{ label: 'repeated assignment', format: formatPercent, from: 0 }}
          references={[
            { y: baselines.first, label: 'first, random' },
            { y: baselines.any, label: 'any, random' }
          ]}
          description={`Repeated assignment by layer: first choice ${formatPercent(mean)} on average, at random ${formatPercent(baselines.first)}`}
        />
      )}
    </ChartPanel>
  )
}
