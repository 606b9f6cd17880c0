import { type CoActivation, coActivationShare, strongestPairs } from '@core/routing/statistics/co-activation'
import { ChordDiagram } from '../charts/ChordDiagram'
import { expertColour } from '../charts/expert-colour'
import { formatExact, formatPercent, formatRatio } from '../charts/format'
import { Heatmap } from '../charts/Heatmap'
import { ChartPanel } from '../ui/ChartPanel'
import { Segments } from '../ui/Segments'
import { Awaited } from './Awaited'
import styles from './pages.module.css'
import { layerName, useInspected, useStatistics } from './use-inspected'

/** The statistic of each kind of pairs. */
const statistics = { all: 'coActivation', adjacent: 'adjacentCoActivation' } as const

/** Which experts are chosen for the same tokens. */
export function PairsPage() {
  const measured = useStatistics('coActivation', 'adjacentCoActivation')
  const { facts, inspection, inspect } = useInspected()
  const { pairs } = inspection
  if (facts.topK === 1) return <p className={styles.note}>Each token goes to one expert, so there are no pairs.</p>
  return (
    <>
      <div className={styles.choice}>
        <Segments
          label="Which pairs"
          value={pairs}
          options={[
            { value: 'all', label: 'all pairs of a token' },
            { value: 'adjacent', label: 'neighbours by rank' }
          ]}
          onChange={(pairs) => inspect({ pairs })}
        />
      </div>
      <Awaited known={measured[statistics[pairs]]}>{(value) => <PairCharts measured={value} />}</Awaited>
    </>
  )
}

/** Beyond so many experts a chord diagram is a tangle. */
const maxChords = 40

function PairCharts({ measured }: { measured: CoActivation }) {
  const { facts, layer, expert, inspect } = useInspected()
  const { experts, baseline, layers } = measured
  const place = Math.max(0, layers.indexOf(layer))
  const share = (i: number, j: number) => coActivationShare(measured, place, i, j)
  const together = (i: number, j: number) => measured.together[(place * experts + i) * experts + j] ?? 0
  const [strongest] = strongestPairs(measured, place, 1)
  const names = Array.from({ length: experts }, (_, each) => String(each))
  const table = () => ({
    columns: ['layer', 'expert', 'partner', 'tokens', 'share_of_expert', 'random'],
    rows: names.flatMap((_, i) =>
      names.flatMap((__, j) =>
        i === j ? [] : [[facts.layers[layer] ?? layer, i, j, together(i, j), share(i, j), baseline]]
      )
    )
  })
  return (
    <>
      {strongest && (
        <p className={styles.answer}>
          Experts {strongest.experts[0]} and {strongest.experts[1]} share{' '}
          <strong>{formatExact(strongest.tokens)}</strong> tokens: {formatPercent(strongest.shares[0])} and{' '}
          {formatPercent(strongest.shares[1])} of theirs; at random {formatPercent(baseline)}.
        </p>
      )}
      <div className={styles.pair}>
        <ChartPanel
          title={`Together, ${layerName(facts, layer)}`}
          fileName="co-activation"
          legend="of the row’s tokens, those that also go to the column"
          table={table}
        >
          {(frame) => (
            <Heatmap
              {...frame}
              rows={names}
              columns={names}
              rowTitle="expert"
              columnTitle="its partner"
              unit="random"
              ratio={(i, j) => (i === j ? Number.NaN : share(i, j) / baseline)}
              title={(i, j) =>
                i === j
                  ? `expert ${i}: ${formatExact(together(i, i))} tokens`
                  : `of the tokens of expert ${i}, ${formatPercent(share(i, j))} also go to ${j}: ${formatRatio(share(i, j) / baseline)} random, ${formatExact(together(i, j))} tokens`
              }
              rowHeight={Math.max(3, Math.min(24, (frame.width - 90) / experts))}
              description="Co-activation of experts, as a ratio to random routing"
              selected={{ row: expert, column: expert }}
              onSelect={(row) => inspect({ expert: row })}
            />
          )}
        </ChartPanel>
        <ChartPanel title="As a circle" fileName="co-activation-chord" table={table}>
          {({ width, textScale, theme }) =>
            experts > maxChords ? (
              <p className={styles.note}>With {experts} experts a circle is a tangle: see the matrix.</p>
            ) : (
              <ChordDiagram
                names={names}
                value={(i, j) => (i === j ? 0 : together(i, j))}
                colour={(each) => expertColour(each, experts, theme)}
                title={(i, j) => `experts ${i} and ${j}: ${formatExact(together(i, j))} tokens`}
                size={Math.min(width, 520)}
                textScale={textScale}
                selected={expert}
                onSelect={(each) => inspect({ expert: each })}
                description="Tokens that pairs of experts share"
              />
            )
          }
        </ChartPanel>
      </div>
    </>
  )
}
