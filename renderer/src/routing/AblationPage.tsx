import type { Ablation, AblationRow } from '@core/evaluate/ablate'
import { loadAndLossIncrease, shareOf } from '@core/evaluate/load-and-loss'
import { isUnderWay } from '@core/lab/run'
import { listOf } from '@core/list-of'
import { type Intervention, interventionName } from '@core/model/intervention'
import { vocabularyOf } from '@core/tokenizers/tokenizer'

import { useEffect } from 'react'
import { expertColour, type Theme } from '../charts/expert-colour'
import { formatChange, formatLoss, formatPercent, formatSigned, visible } from '../charts/format'
import { XYChart } from '../charts/XYChart'
import {
  ablatedCharacters,
  ablateEveryExpert,
  isOf,
  knownAblation,
  measureIntervention,
  readAblations
} from '../lab/ablate'
import { RunProgress } from '../lab/RunProgress'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import type { LibraryModel } from '../state/library'
import { Button } from '../ui/Button'
import { ChartPanel } from '../ui/ChartPanel'
import { Choice } from '../ui/Choice'
import styles from './AblationPage.module.css'
import { type RouterChange, routerChanges } from './choices'
import { LoadOfTrace } from './LoadMap'
import pages from './pages.module.css'
import { TokenChips } from './TokenChips'
import { layerName, useInspected } from './use-inspected'

/** The loss increase of each ablated expert, against its load. */
export function AblationPage() {
  const { facts } = useInspected()
  const model = useAppState(({ library }) =>
    library?.models.find(({ id, role }) => id === facts.model && role === 'moe')
  )
  if (!model) {
    return (
      <p className={pages.note}>
        {facts.model === '' ? 'The trace does not say its model' : `${facts.model} is not among the models here`}, so
        its router cannot be changed. This page needs a model that runs: record a trace of one of those that are here.
      </p>
    )
  }
  return <AblationOf model={model} />
}

function AblationOf({ model }: { model: LibraryModel }) {
  const app = useApp()
  const runs = useAppState((state) => state.runs)
  const ablations = useAppState((state) => state.ablations)
  const shown = knownAblation({ runs, ablations }, model.id)
  useEffect(() => attempt(app, () => readAblations(app, model.id)), [app, model.id])
  return (
    <>
      <AblationAnswer model={model} ablation={shown} />
      <Controls model={model} begun={shown !== undefined} />
      {shown ? (
        <div className={styles.panels}>
          {shown.rows.some(({ intervention }) => isSingleMask(intervention)) && (
            <LoadPanel ablation={shown} model={model} />
          )}
          <ChangesPanel ablation={shown} model={model} />
        </div>
      ) : (
        <LoadOfTrace />
      )}
    </>
  )
}

function AblationAnswer({ model, ablation }: { model: LibraryModel; ablation: Ablation | undefined }) {
  const masked = ablation?.rows.filter(({ intervention }) => isSingleMask(intervention)) ?? []
  if (!ablation || masked.length < 2) {
    return (
      <p className={pages.note}>
        Load need not say how much an expert matters. Each expert of {model.id} is ablated on its own: its router logit
        is masked, and the validation loss is measured on {ablatedCharacters.toLocaleString('en')} characters.
      </p>
    )
  }
  const worst = masked.reduce((most, row) => (row.delta > most.delta ? row : most))
  const overall = loadAndLossIncrease(ablation).at(-1)
  const [domain] = Object.entries(worst.domains).sort(([, a], [, b]) => (b?.delta ?? 0) - (a?.delta ?? 0))
  return (
    <p className={pages.answer}>
      {capital(changeName(worst.intervention, model))}, the loss rises by <strong>{worst.delta.toFixed(3)}</strong>
      {domain?.[1] && `, most in “${domain[0]}” (${domain[1].delta.toFixed(3)})`}.
      {typeof overall?.correlation === 'number' &&
        ` Load vs. loss increase: rank correlation ${formatSigned(overall.correlation)} over ${overall.experts} experts.`}
    </p>
  )
}

function Controls({ model, begun }: { model: LibraryModel; begun: boolean }) {
  const app = useApp()
  const { facts, layer, expert, inspection, inspect } = useInspected()
  const run = useAppState(({ runs }) => runs.find((each) => isUnderWay(each) && isOf(each, model.id)))
  const { change } = inspection
  const vocabulary = vocabularyOf(model.tokenizer)
  const forced = [...inspection.forced].filter((token) => vocabulary.includes(token)).join('')
  const modelLayer = facts.layers[layer] ?? layer
  if (run) return <RunProgress run={run} />
  const asked = { layer: modelLayer, expert, tokens: [...model.tokenizer.encode(forced)] }
  return (
    <>
      <div className={styles.controls}>
        <Button look={begun ? 'plain' : 'primary'} onClick={() => attempt(app, () => ablateEveryExpert(app, model.id))}>
          {begun ? 'Ablate every expert again' : 'Ablate every expert'}
        </Button>
        <span>or</span>
        <Choice
          label="Intervention"
          value={change}
          options={routerChanges.map((each) => ({ value: each, label: changes[each].label }))}
          onChange={(chosen) => inspect({ change: chosen })}
        />
        <Button onClick={() => attempt(app, () => measureIntervention(app, model.id, changes[change].of(asked)))}>
          Measure this intervention
        </Button>
        <span>
          in {layerName(facts, layer)}, expert {expert}
        </span>
      </div>
      {change === 'force' && (
        <TokenChips vocabulary={vocabulary} chosen={forced} onChange={(chosen) => inspect({ forced: chosen })} />
      )}
    </>
  )
}

/** The layer and expert that an intervention is applied to. */
interface Place {
  /** Index among all layers of the model. */
  readonly layer: number
  readonly expert: number
  /** Ids of those that are forced; none for all. */
  readonly tokens: readonly number[]
}

const changes: Readonly<Record<RouterChange, { readonly label: string; readonly of: (place: Place) => Intervention }>> =
  {
    mask: {
      label: 'ablate the expert',
      of: ({ layer, expert }) => ({ kind: 'mask', layer, experts: [expert] })
    },
    force: {
      label: 'force tokens to the expert',
      of: ({ layer, expert, tokens }) => ({ kind: 'force', layer, expert, ...(tokens.length > 0 && { tokens }) })
    },
    best: {
      label: 'drop top-1 expert',
      of: ({ layer }) => ({ kind: 'drop-best', layer, replace: true })
    },
    random: {
      label: 'random experts',
      of: ({ layer }) => ({ kind: 'random', layer, gates: 'trained' })
    }
  }

interface PanelProps {
  readonly ablation: Ablation
  readonly model: LibraryModel
}

/** Loss increase against load, one point for each expert. */
function LoadPanel({ ablation: { rows, baseline }, model }: PanelProps) {
  const { facts, inspect } = useInspected()
  const points = baseline.loads.map(({ layer, experts }) => ({
    layer,
    points: rows.flatMap(({ intervention, delta, standardError }) => {
      if (!isSingleMask(intervention) || intervention.layer !== layer) return []
      const [expert = 0] = intervention.experts
      const load = shareOf(experts, expert)
      const error = standardError ?? 0
      return [
        {
          expert,
          x: load,
          y: delta,
          low: delta - error,
          high: delta + error,
          name: String(expert),
          title: `layer ${layer}, expert ${expert}: load ${formatPercent(load)}, loss increase ${delta.toFixed(4)} ± ${error.toFixed(4)}`
        }
      ]
    })
  }))
  const hue = (i: number, theme: Theme) => expertColour(i * 5 + 1, 16, theme)
  const colourOf = (i: number) =>
    points.length > 1 ? `light-dark(${hue(i, 'light')}, ${hue(i, 'dark')})` : 'var(--moe)'
  const correlations = loadAndLossIncrease({ baseline, rows })
  return (
    <ChartPanel
      title="Load vs. loss increase"
      fileName={`${model.id}-load-vs-loss-increase`}
      legend={points.map(({ layer }, i) => (
        <span key={layer}>
          <b style={{ color: colourOf(i) }}>●</b> layer {layer}{' '}
        </span>
      ))}
      answer={correlations.map(({ layer, correlation, experts }) => (
        <span key={layer ?? 'all'} className={styles.correlation}>
          {layer === null ? 'all layers' : `layer ${layer}`}: rank correlation{' '}
          <b>{correlation === null ? 'none' : formatSigned(correlation)}</b> ({experts} experts)
        </span>
      ))}
      table={() => ({
        columns: ['layer', 'expert', 'share_of_choices', 'loss_change', 'standard_error'],
        rows: points.flatMap(({ layer, points: own }) =>
          own.map(({ expert, x, y, high }) => [layer, expert, x, y, high - y])
        )
      })}
    >
      {(frame) => (
        <XYChart
          {...frame}
          series={points.map(({ layer, points: own }, i) => ({
            id: String(layer),
            label: '',
            mark: 'points',
            colour: colourOf(i),
            points: own
          }))}
          x={{ label: 'load', scale: 'linear', format: formatPercent }}
          y={{
            label: 'loss increase, nats per character',
            scale: 'linear',
            format: (value) => value.toFixed(3)
          }}
          references={[{ y: 0, label: 'not ablated' }]}
          height={340}
          description="Loss increase of each ablated expert, against its load"
          onSelect={(series, index) => {
            const own = points.find(({ layer }) => String(layer) === series)
            const layer = facts.layers.indexOf(Number(series))
            inspect({ layer: Math.max(0, layer), expert: own?.points[index]?.expert ?? 0 })
          }}
        />
      )}
    </ChartPanel>
  )
}

/** Loss increase of every intervention, the largest first, by domain; beside the spread over training seeds. */
function ChangesPanel({ ablation: { rows, baseline }, model }: PanelProps) {
  const domains = Object.keys(baseline.domains)
  const ordered = [...rows].sort((a, b) => b.delta - a.delta)
  const domainOf = (row: AblationRow, domain: string) =>
    (row.domains as Record<string, { delta: number } | undefined>)[domain]
  const spread = model.loss?.deviation
  return (
    <ChartPanel
      title="Loss increase by intervention, in nats per character"
      fileName={`${model.id}-interventions`}
      answer={
        <>
          Baseline: loss {formatLoss(baseline.loss)}.{' '}
          {typeof spread === 'number' &&
            `Spread over training seeds of ${model.id}: ± ${formatLoss(spread)} (shipped, ${model.loss?.seeds} seeds).`}
        </>
      }
      table={() => ({
        columns: ['change', 'loss', 'delta', 'standard_error', ...domains],
        rows: ordered.map((row) => [
          changeName(row.intervention, model),
          row.loss,
          row.delta,
          row.standardError,
          ...domains.map((domain) => domainOf(row, domain)?.delta ?? null)
        ])
      })}
    >
      <div className={styles.changes}>
        <table>
          <thead>
            <tr>
              <th scope="col">intervention</th>
              <th scope="col">loss</th>
              {domains.map((domain) => (
                <th key={domain} scope="col">
                  {domain}
                </th>
              ))}
            </tr>
            {typeof spread === 'number' && (
              <tr className={styles.spread}>
                <th scope="row">spread over seeds</th>
                <td>± {spread.toFixed(3)}</td>
                {domains.map((domain) => (
                  <td key={domain}>± {(model.domains[domain]?.loss.deviation ?? Number.NaN).toFixed(3)}</td>
                ))}
              </tr>
            )}
          </thead>
          <tbody>
            {ordered.map((row) => (
              <tr key={changeName(row.intervention, model)}>
                <th scope="row">{changeName(row.intervention, model)}</th>
                <td title={`± ${row.standardError?.toFixed(4)}`}>{formatChange(row.delta)}</td>
                {domains.map((domain) => (
                  <td key={domain} style={{ background: shade(domainOf(row, domain)?.delta ?? 0) }}>
                    {formatChange(domainOf(row, domain)?.delta ?? Number.NaN)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </ChartPanel>
  )
}

function isSingleMask(intervention: Intervention): intervention is Extract<Intervention, { kind: 'mask' }> {
  return intervention.kind === 'mask' && intervention.experts.length === 1
}

/** An intervention in a few words, with tokens as text. */
function changeName(intervention: Intervention, { tokenizer }: LibraryModel): string {
  const name = interventionName(intervention)
  if (intervention.kind !== 'force' || !intervention.tokens) return name
  return name.replace(
    listOf('token', intervention.tokens),
    intervention.tokens.map((token) => `“${visible(tokenizer.tokenText(token))}”`).join(' ')
  )
}

/** Stronger for larger rises, up to half a nat. */
function shade(change: number): string {
  const part = Math.round(Math.min(1, Math.max(0, change) / 0.5) * 55)
  return `color-mix(in oklab, var(--moe) ${part}%, transparent)`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
