import { messageOf } from '@core/reason'
import type { Agreement } from '@core/routing/statistics/agreement'
import { useEffect, useState } from 'react'
import { formatExact, formatPercent } from '../charts/format'
import { useApp, useAppState } from '../state/app'
import type { LibraryModel } from '../state/library'
import { ChartPanel } from '../ui/ChartPanel'
import { Choice } from '../ui/Choice'
import { CommandButton } from '../ui/CommandButton'
import { besideOf, traceBeside } from './beside'
import { chosenPart } from './inspector'
import { type LayerLine, LayerLines } from './LayerLines'
import { LoadOfTrace } from './LoadMap'
import pages from './pages.module.css'
import { RecordModels } from './RecordModels'
import type { OpenTrace } from './state'
import { useInspected } from './use-inspected'

/** The first trace beside another one of the same text: of another model, or of another time of its training. */
export function TwoTracesPage() {
  const traces = useAppState((state) => state.traces)
  const { inspection, inspect } = useInspected()
  const [, ...others] = traces
  const other = traceBeside(traces, inspection.beside)
  if (!other) return <NoOther />
  const choose = (chosen: number) => {
    const trace = others.find(({ id }) => id === chosen)
    if (trace) inspect({ beside: besideOf(traces, trace) })
  }
  return (
    <>
      {others.length > 1 && (
        <div className={pages.choice}>
          <Choice
            label="Beside"
            value={other.id}
            options={others.map(({ id, name }) => ({ value: id, label: `beside ${name}` }))}
            onChange={choose}
          />
        </div>
      )}
      <Beside key={other.id} other={other} />
    </>
  )
}

function NoOther() {
  const { trace, facts } = useInspected()
  const sameShape = ({ architecture, id }: LibraryModel) =>
    id !== facts.model &&
    architecture.layers.length === facts.layers.length &&
    architecture.layers.every(
      ({ feedForward }) =>
        feedForward.kind === 'moe' && feedForward.experts === facts.experts && feedForward.topK === facts.topK
    )
  return (
    <>
      <div className={pages.ways}>
        <p>
          Open a second trace of the same text: of another model, or of another checkpoint of the same training. Many
          checkpoints are shown by the page Over training.
        </p>
        <CommandButton id="open">Open another …</CommandButton>
        {trace.run !== undefined && (
          <>
            <p>Or have a model of the same shape read the same text:</p>
            <RecordModels fits={sameShape} />
          </>
        )}
      </div>
      <LoadOfTrace />
    </>
  )
}

function Beside({ other }: { other: OpenTrace }) {
  const found = useAgreement(other)
  if (found === undefined) return <p className={pages.note}>Comparing …</p>
  if (typeof found === 'string') {
    return (
      <p className={pages.note}>
        {other.name}: {found}
      </p>
    )
  }
  return <AgreementPanel other={other} agreement={found} />
}

/** Agreement of the chosen part of two traces, or the reason for which it is unknown. */
function useAgreement(other: OpenTrace): Agreement | string | undefined {
  const { inspector } = useApp()
  const { trace, facts, inspection } = useInspected()
  const [found, setFound] = useState<{ readonly asked: string; readonly result: Agreement | string }>()
  const asked = JSON.stringify({ ids: [trace.id, other.id], part: chosenPart(inspection, facts) })
  useEffect(() => {
    let current = true
    const compare = async () => {
      const { ids, part } = JSON.parse(asked)
      const result = await inspector.api.agreement(ids[0], ids[1], part).catch(messageOf)
      if (current) setFound({ asked, result })
    }
    void compare()
    return () => {
      current = false
    }
  }, [inspector, asked])
  return found?.asked === asked ? found.result : undefined
}

function AgreementPanel({ other, agreement }: { other: OpenTrace; agreement: Agreement }) {
  const { trace, facts } = useInspected()
  const { layers, sameFirst, overlap, sameSet, baselines, tokens, notes } = agreement
  const mean = overlap.reduce((sum, value) => sum + value, 0) / overlap.length
  const line = (id: 'overlap' | 'sameFirst' | 'sameSet', label: string, colour: string): LayerLine => ({
    id,
    label,
    colour,
    values: agreement[id],
    title: (row) => `${label} ${formatPercent(agreement[id][row] ?? 0)}, at random ${formatPercent(baselines[id])}`
  })
  return (
    <>
      <p className={pages.answer}>
        Of each token’s experts <strong>{formatPercent(mean)}</strong> are the same; at random{' '}
        {formatPercent(baselines.overlap)}.
      </p>
      <ChartPanel
        title={`${trace.name} and ${other.name}`}
        fileName="agreement"
        answer={`${formatExact(tokens)} tokens. ${notes.join(' ')}`}
        table={() => ({
          columns: ['layer', 'same_first', 'overlap', 'same_set', 'random_first', 'random_overlap', 'random_set'],
          rows: layers.map((layer, i) => [
            facts.layers[layer] ?? layer,
            sameFirst[i] ?? null,
            overlap[i] ?? null,
            sameSet[i] ?? null,
            baselines.sameFirst,
            baselines.overlap,
            baselines.sameSet
          ])
        })}
      >
        {(frame) => (
          <LayerLines
            frame={frame}
            layers={layers}
            lines={[
              line('overlap', 'overlap', 'var(--moe)'),
              line('sameFirst', 'same first', 'var(--ink)'),
              line('sameSet', 'same set', 'var(--mute)')
            ]}
            y={{ label: 'agreement, share of tokens', format: formatPercent, from: 0, to: 1 }}
            references={[{ y: baselines.overlap, label: 'random overlap' }]}
            description={`Agreement by layer: overlap ${formatPercent(mean)} on average`}
          />
        )}
      </ChartPanel>
    </>
  )
}
