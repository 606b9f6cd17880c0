import type { Agreement } from '@core/routing/statistics/agreement'
import { useEffect, useState } from 'react'
import { useTextScale } from '../app/use-appearance'
import { formatExact, formatPercent } from '../charts/format'
import { useWidth } from '../charts/use-size'
import { XYChart, type XYSeries } from '../charts/XYChart'
import { useApp, useAppState } from '../state/app'
import { chosenPart, type OpenTrace } from '../state/inspector'
import { type LibraryModel, messageOf } from '../state/library'
import { ChartPanel } from '../ui/ChartPanel'
import { CommandButton } from '../ui/CommandButton'
import pages from './pages.module.css'
import { RecordModels } from './RecordModels'
import { layerAxis, layerName, useInspected } from './use-inspected'

interface Compared {
  readonly other: OpenTrace
  readonly agreement: Agreement | undefined
  readonly failure: string | undefined
}

/** The first trace beside the others of the same text: two models, or the checkpoints of one training. */
export function TwoTracesPage() {
  const others = useAppState(({ traces }) => traces)
  const compared = useAgreements()
  const { trace, facts } = useInspected()
  const sameShape = ({ architecture, id }: LibraryModel) =>
    id !== facts.model &&
    architecture.layers.length === facts.layers.length &&
    architecture.layers.every(
      ({ feedForward }) =>
        feedForward.kind === 'moe' && feedForward.experts === facts.experts && feedForward.topK === facts.topK
    )
  if (others.length < 2) {
    return (
      <div className={pages.ways}>
        <p>
          Open a second trace of the same text: of another model, or of a checkpoint of the same training (
          <code>moescope train --checkpoints N</code> keeps some). With several checkpoints open, this page shows how
          the routing settles (saturation).
        </p>
        <CommandButton id="open">Open another …</CommandButton>
        {trace.recorded && (
          <>
            <p>Or have a model of the same shape read the same text:</p>
            <RecordModels fits={sameShape} />
          </>
        )}
      </div>
    )
  }
  const known = compared.flatMap(({ other, agreement }) => (agreement ? [{ other, agreement }] : []))
  const failed = compared.filter(({ failure }) => failure !== undefined)
  return (
    <>
      {known.map(({ other, agreement }) => (
        <AgreementPanel key={other.id} other={other} agreement={agreement} />
      ))}
      {known.length > 1 && <SaturationPanel known={known} />}
      {failed.map(({ other, failure }) => (
        <p key={other.id} className={pages.note}>
          {other.name}: {failure}
        </p>
      ))}
    </>
  )
}

function useAgreements(): Compared[] {
  const { inspector } = useApp()
  const { trace, facts, inspection } = useInspected()
  const others = useAppState(({ traces }) => traces)
  const [found, setFound] = useState<Readonly<Record<string, Agreement | string>>>({})
  const part = JSON.stringify(chosenPart(inspection, facts))
  const ids = others.slice(1).map(({ id }) => id)
  const asked = ids.join(' ')
  const keyOf = (other: number) => `${trace.id} ${other} ${part}`
  useEffect(() => {
    let current = true
    const compare = async () => {
      for (const id of asked.split(' ').filter(Boolean)) {
        const result = await inspector.api
          .agreement(trace.id, Number(id), JSON.parse(part))
          .catch((error: unknown) => messageOf(error))
        if (current) setFound((before) => ({ ...before, [`${trace.id} ${id} ${part}`]: result }))
      }
    }
    void compare()
    return () => {
      current = false
    }
  }, [inspector, trace.id, asked, part])
  return others.slice(1).map((other) => {
    const result = found[keyOf(other.id)]
    return {
      other,
      agreement: typeof result === 'object' ? result : undefined,
      failure: typeof result === 'string' ? result : undefined
    }
  })
}

function AgreementPanel({ other, agreement }: { other: OpenTrace; agreement: Agreement }) {
  const { trace, facts } = useInspected()
  const textScale = useTextScale()
  const [ref, width] = useWidth()
  const { layers, sameFirst, overlap, sameSet, baselines, tokens, notes } = agreement
  const mean = overlap.reduce((sum, value) => sum + value, 0) / overlap.length
  const mark = layers.length > 1 ? ('line' as const) : ('points' as const)
  const series = (id: string, label: string, values: Float64Array, baseline: number, colour: string): XYSeries => ({
    id,
    label,
    mark,
    colour,
    points: layers.map((layer, i) => ({
      x: (facts.layers[layer] ?? layer) + 1,
      y: values[i] ?? Number.NaN,
      title: `${layerName(facts, layer)}: ${label} ${formatPercent(values[i] ?? 0)}, at random ${formatPercent(baseline)}`
    }))
  })
  return (
    <ChartPanel
      title={`${trace.name} and ${other.name}`}
      fileName="agreement"
      answer={
        <>
          Of each token’s experts, <b>{formatPercent(mean)}</b> are the same; at random{' '}
          {formatPercent(baselines.overlap)} ({formatExact(tokens)} tokens). {notes.join(' ')}
        </>
      }
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
      <div ref={ref}>
        <XYChart
          series={[
            series('overlap', 'overlap', overlap, baselines.overlap, 'var(--moe)'),
            series('first', 'same first', sameFirst, baselines.sameFirst, 'var(--ink)'),
            series('set', 'same set', sameSet, baselines.sameSet, 'var(--mute)')
          ]}
          x={layerAxis}
          y={{ label: 'share of tokens', scale: 'linear', format: formatPercent, from: 0, to: 1 }}
          references={[{ y: baselines.overlap, label: 'random overlap' }]}
          width={width}
          height={240}
          textScale={textScale}
          description={`Agreement by layer: overlap ${formatPercent(mean)} on average`}
        />
      </div>
    </ChartPanel>
  )
}

/** How much of the first trace's routing each of the others has already: router saturation. */
function SaturationPanel({ known }: { known: readonly { other: OpenTrace; agreement: Agreement }[] }) {
  const { trace, facts } = useInspected()
  const textScale = useTextScale()
  const [ref, width] = useWidth()
  const ordered = [...known].sort((a, b) => a.other.name.localeCompare(b.other.name, 'en', { numeric: true }))
  return (
    <ChartPanel
      title={`How the routing settles: overlap with ${trace.name}`}
      fileName="saturation"
      table={() => ({
        columns: ['trace', 'layer', 'overlap'],
        rows: ordered.flatMap(({ other, agreement }) =>
          agreement.layers.map((layer, i) => [other.name, facts.layers[layer] ?? layer, agreement.overlap[i] ?? null])
        )
      })}
    >
      <div ref={ref}>
        <XYChart
          series={(ordered[0]?.agreement.layers ?? []).map((layer, i) => ({
            id: String(layer),
            label: layerName(facts, layer),
            mark: 'line' as const,
            points: ordered.map(({ other, agreement }, at) => ({
              x: at + 1,
              y: agreement.overlap[i] ?? Number.NaN,
              title: `${other.name}, ${layerName(facts, layer)}: ${formatPercent(agreement.overlap[i] ?? 0)}`
            }))
          }))}
          x={{
            label: 'checkpoint',
            scale: 'linear',
            format: (value) => (Number.isInteger(value) ? (ordered[value - 1]?.other.name ?? '') : '')
          }}
          y={{ label: 'share of experts that are the same', scale: 'linear', format: formatPercent, from: 0, to: 1 }}
          references={[{ y: ordered[0]?.agreement.baselines.overlap ?? 0, label: 'random' }]}
          width={width}
          height={260}
          textScale={textScale}
          description="Overlap of the routing of each checkpoint with that of the first trace"
        />
      </div>
    </ChartPanel>
  )
}
