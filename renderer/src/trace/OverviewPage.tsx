import { balanceOf, layerOf } from '@core/routing/statistics/balance'
import type { ChoiceCounts } from '@core/routing/statistics/choice-counts'
import { randomVariation } from '@core/routing/statistics/random-routing'
import type { Repeats } from '@core/routing/statistics/repeats'
import type { UniqueExperts } from '@core/routing/statistics/unique-experts'
import { useTextScale } from '../app/use-appearance'
import { formatPercent, formatRatio } from '../charts/format'
import { useWidth } from '../charts/use-size'
import { XYChart, type XYSeries } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { Figure } from '../ui/Figure'
import { Awaited } from './Awaited'
import { LoadMap } from './LoadMap'
import styles from './pages.module.css'
import { RouterPanel } from './RouterPanel'
import { layerAxis, layerName, useInspected, useStatistics } from './use-inspected'

/** Is it balanced, who is dead, and what does it cost? */
export function OverviewPage() {
  const { choices, repeats, unique } = useStatistics('choices', 'repeats', 'unique')
  const { facts } = useInspected()
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
                <Awaited known={unique}>{(value) => <UniquePanel unique={value} />}</Awaited>
                <RouterPanel />
              </>
            )}
          </div>
        </>
      )}
    </>
  )
}

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
  const [ref, width] = useWidth()
  const textScale = useTextScale()
  const rows = counts.layers.map((layer, i) => ({
    layer,
    ...balanceOf(layerOf(counts.any, i, counts.experts))
  }))
  const random = facts.topK === undefined ? undefined : randomVariation(counts.experts, facts.topK, counts.tokens)
  const mean = rows.reduce((sum, { cv }) => sum + cv, 0) / rows.length
  const series: XYSeries[] = [
    {
      id: 'cv',
      label: '',
      mark: rows.length > 1 ? 'line' : 'points',
      colour: 'var(--moe)',
      points: rows.map(({ layer, cv, entropy, jain, dead }) => ({
        x: (facts.layers[layer] ?? layer) + 1,
        y: cv,
        title: `${layerName(facts, layer)}: CV ${cv.toFixed(3)}, entropy ${entropy.toFixed(4)}, Jain ${jain.toFixed(4)}, ${dead.length} dead`
      }))
    }
  ]
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
      <div ref={ref}>
        <XYChart
          series={series}
          x={layerAxis}
          y={{
            label: 'coefficient of variation of the load',
            scale: 'linear',
            format: (value) => value.toFixed(2),
            from: 0
          }}
          references={random === undefined ? [] : [{ y: random, label: 'random routing' }]}
          width={width}
          height={230}
          textScale={textScale}
          description={`Coefficient of variation of the load by layer, mean ${mean.toFixed(3)}`}
        />
      </div>
    </ChartPanel>
  )
}

/** How often a token goes where the one before it went, against random routing. */
function RepeatsPanel({ repeats }: { repeats: Repeats }) {
  const { facts } = useInspected()
  const [ref, width] = useWidth()
  const textScale = useTextScale()
  const { first, any, layers, baselines } = repeats
  const line = (id: 'first' | 'any', values: Float64Array, label: string, colour: string): XYSeries => ({
    id,
    label,
    mark: layers.length > 1 ? 'line' : 'points',
    colour,
    points: layers.map((layer, i) => ({
      x: (facts.layers[layer] ?? layer) + 1,
      y: values[i] ?? Number.NaN,
      title: `${layerName(facts, layer)}: ${label} ${formatPercent(values[i] ?? 0)}, at random ${formatPercent(baselines[id])}`
    }))
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
      <div ref={ref}>
        <XYChart
          series={[line('first', first, 'first choice', 'var(--moe)'), line('any', any, 'any choice', 'var(--ink)')]}
          x={layerAxis}
          y={{ label: 'share of tokens that repeat', scale: 'linear', format: formatPercent, from: 0 }}
          references={[
            { y: baselines.first, label: 'first, random' },
            { y: baselines.any, label: 'any, random' }
          ]}
          width={width}
          height={230}
          textScale={textScale}
          description={`Repeated assignment by layer: first choice ${formatPercent(mean)} on average, at random ${formatPercent(baselines.first)}`}
        />
      </div>
    </ChartPanel>
  )
}

/** What a batch must read from memory. */
function UniquePanel({ unique }: { unique: readonly UniqueExperts[] }) {
  const { facts, layer } = useInspected()
  const [ref, width] = useWidth()
  const textScale = useTextScale()
  const counted = unique.filter(({ batches }) => batches > 0)
  const at = (each: UniqueExperts) => each.unique[each.layers.indexOf(layer)] ?? Number.NaN
  const title = (each: UniqueExperts) =>
    `${each.batch} tokens reach ${at(each).toFixed(1)} experts, at random ${each.baseline.toFixed(1)}`
  const shown = counted.find(({ batch }) => batch === 16) ?? counted.at(-1)
  return (
    <ChartPanel
      title="How many experts does a batch read?"
      fileName="unique-experts"
      answer={
        shown && (
          <>
            {shown.batch} tokens reach <b>{at(shown).toFixed(1)}</b> of {facts.experts} experts in{' '}
            {layerName(facts, layer)}; at random {shown.baseline.toFixed(1)}.
          </>
        )
      }
      table={() => ({
        columns: ['batch', 'layer', 'unique_experts', 'random'],
        rows: counted.flatMap((each) =>
          each.layers.map((place, i) => [
            each.batch,
            facts.layers[place] ?? place,
            each.unique[i] ?? null,
            each.baseline
          ])
        )
      })}
    >
      <div ref={ref}>
        <XYChart
          series={[
            {
              id: 'random',
              label: 'random',
              mark: 'line',
              look: 'dashed',
              colour: 'var(--mute)',
              points: counted.map((each) => ({ x: each.batch, y: each.baseline, title: title(each) }))
            },
            {
              id: 'measured',
              label: 'measured',
              mark: 'line',
              colour: 'var(--moe)',
              points: counted.map((each) => ({ x: each.batch, y: at(each), title: title(each) }))
            }
          ]}
          x={{ label: 'tokens in a batch', scale: 'log', format: String }}
          y={{
            label: 'different experts',
            scale: 'linear',
            format: (value) => value.toFixed(0),
            from: 0,
            to: facts.experts
          }}
          width={width}
          height={230}
          textScale={textScale}
          description={counted.map(title).join('; ')}
        />
      </div>
    </ChartPanel>
  )
}
