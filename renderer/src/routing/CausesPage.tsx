import type { Ablation, AblationRow } from '@core/evaluate/ablate'
import { popularityAndDamage, shareOf } from '@core/evaluate/popularity'
import { isUnderWay } from '@core/lab/run'
import { listOf } from '@core/list-of'
import { type Intervention, interventionName } from '@core/model/intervention'
import { vocabularyOf } from '@core/tokenizers/tokenizer'

import { useEffect } from 'react'
import { expertColour } from '../charts/expert-colour'
import { formatLoss, formatPercent, visible } from '../charts/format'
import { useWidth } from '../charts/use-size'
import { XYChart } from '../charts/XYChart'
import { ablatedCharacters, isOf, knownAblation, measureCauses, measureChange, readAblations } from '../lab/ablate'
import { RunProgress } from '../lab/RunProgress'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import type { LibraryModel } from '../state/library'
import { Button } from '../ui/Button'
import { ChartPanel } from '../ui/ChartPanel'
import { Choice } from '../ui/Choice'
import { useTextScale, useTheme } from '../ui/use-appearance'
import styles from './CausesPage.module.css'
import { type RouterChange, routerChanges } from './choices'
import pages from './pages.module.css'
import { TokenChips } from './TokenChips'
import { layerName, useInspected } from './use-inspected'

/** What a model loses without an expert, beside how often the expert is chosen. */
export function CausesPage() {
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
  return <CausesOf model={model} />
}

function CausesOf({ model }: { model: LibraryModel }) {
  const app = useApp()
  const runs = useAppState((state) => state.runs)
  const ablations = useAppState((state) => state.ablations)
  const shown = knownAblation({ runs, ablations }, model.id)
  useEffect(() => attempt(app, () => readAblations(app, model.id)), [app, model.id])
  return (
    <>
      <CausesAnswer model={model} ablation={shown} />
      <Controls model={model} begun={shown !== undefined} />
      {shown && (
        <div className={styles.panels}>
          {shown.rows.some(({ intervention }) => isSingleMask(intervention)) && (
            <DamagePanel ablation={shown} model={model} />
          )}
          <ChangesPanel ablation={shown} model={model} />
        </div>
      )}
    </>
  )
}

function CausesAnswer({ model, ablation }: { model: LibraryModel; ablation: Ablation | undefined }) {
  const masked = ablation?.rows.filter(({ intervention }) => isSingleMask(intervention)) ?? []
  if (!ablation || masked.length < 2) {
    return (
      <p className={pages.note}>
        How often an expert is chosen need not say how much it matters. Here each expert of {model.id} is taken away
        alone, and the loss on {ablatedCharacters.toLocaleString('en')} characters of unseen text is measured without
        it.
      </p>
    )
  }
  const worst = masked.reduce((most, row) => (row.delta > most.delta ? row : most))
  const overall = popularityAndDamage(ablation).at(-1)
  const [domain] = Object.entries(worst.domains).sort(([, a], [, b]) => (b?.delta ?? 0) - (a?.delta ?? 0))
  return (
    <p className={pages.answer}>
      {capital(changeName(worst.intervention, model))}, the loss rises by <strong>{worst.delta.toFixed(3)}</strong>
      {domain?.[1] && `, most in “${domain[0]}” (${domain[1].delta.toFixed(3)})`}.
      {typeof overall?.correlation === 'number' &&
        ` Popularity and damage: rank correlation ${overall.correlation.toFixed(2)} over ${overall.experts} experts.`}
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
        <Button look={begun ? 'plain' : 'primary'} onClick={() => attempt(app, () => measureCauses(app, model.id))}>
          {begun ? 'Measure all experts again' : 'Take away each expert'}
        </Button>
        <span>or</span>
        <Choice
          label="Change"
          value={change}
          options={routerChanges.map((each) => ({ value: each, label: changes[each].label }))}
          onChange={(chosen) => inspect({ change: chosen })}
        />
        <Button onClick={() => attempt(app, () => measureChange(app, model.id, changes[change].of(asked)))}>
          Measure this change
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

/** Where a router is changed. */
interface Place {
  /** Of the model. */
  readonly layer: number
  readonly expert: number
  /** Ids of those that are forced; none for all. */
  readonly tokens: readonly number[]
}

const changes: Readonly<Record<RouterChange, { readonly label: string; readonly of: (place: Place) => Intervention }>> =
  {
    mask: {
      label: 'without the expert',
      of: ({ layer, expert }) => ({ kind: 'mask', layer, experts: [expert] })
    },
    force: {
      label: 'tokens to the expert alone',
      of: ({ layer, expert, tokens }) => ({ kind: 'force', layer, expert, ...(tokens.length > 0 && { tokens }) })
    },
    best: {
      label: 'without each token’s best',
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

/** Popularity against damage, one point for each expert. */
function DamagePanel({ ablation: { rows, baseline }, model }: PanelProps) {
  const { facts, inspect } = useInspected()
  const theme = useTheme()
  const textScale = useTextScale()
  const [ref, width] = useWidth()
  const points = baseline.loads.map(({ layer, experts }) => ({
    layer,
    points: rows.flatMap(({ intervention, delta, standardError }) => {
      if (!isSingleMask(intervention) || intervention.layer !== layer) return []
      const [expert = 0] = intervention.experts
      const popularity = shareOf(experts, expert)
      const error = standardError ?? 0
      return [
        {
          expert,
          x: popularity,
          y: delta,
          low: delta - error,
          high: delta + error,
          name: String(expert),
          title: `layer ${layer + 1}, expert ${expert}: ${formatPercent(popularity)} of choices, loss +${delta.toFixed(4)} ± ${error.toFixed(4)} without it`
        }
      ]
    })
  }))
  const colourOf = (i: number) => (points.length > 1 ? expertColour(i * 5 + 1, 16, theme) : 'var(--moe)')
  const correlations = popularityAndDamage({ baseline, rows })
  return (
    <ChartPanel
      title="Popularity and damage"
      fileName={`${model.id}-popularity-and-damage`}
      aside={points.map(({ layer }, i) => (
        <span key={layer}>
          <b style={{ color: colourOf(i) }}>●</b> layer {layer + 1}
        </span>
      ))}
      answer={correlations.map(({ layer, correlation, experts }) => (
        <span key={layer ?? 'all'} className={styles.correlation}>
          {layer === null ? 'all layers' : `layer ${layer + 1}`}: rank correlation{' '}
          <b>{correlation === null ? 'none' : correlation.toFixed(2)}</b> ({experts} experts)
        </span>
      ))}
      table={() => ({
        columns: ['layer', 'expert', 'share_of_choices', 'loss_change', 'standard_error'],
        rows: points.flatMap(({ layer, points: own }) =>
          own.map(({ expert, x, y, high }) => [layer, expert, x, y, high - y])
        )
      })}
    >
      <div ref={ref}>
        <XYChart
          series={points.map(({ layer, points: own }, i) => ({
            id: String(layer),
            label: '',
            mark: 'points',
            colour: colourOf(i),
            points: own
          }))}
          x={{ label: 'share of choices', scale: 'linear', format: formatPercent }}
          y={{
            label: 'change of the loss, nats per character',
            scale: 'linear',
            format: (value) => value.toFixed(3)
          }}
          references={[{ y: 0, label: 'no change' }]}
          width={width}
          height={340}
          textScale={textScale}
          description="Change of the loss without each expert, by how often it is chosen"
          onSelect={(series, index) => {
            const own = points.find(({ layer }) => String(layer) === series)
            const layer = facts.layers.indexOf(Number(series))
            inspect({ layer: Math.max(0, layer), expert: own?.points[index]?.expert ?? 0 })
          }}
        />
      </div>
    </ChartPanel>
  )
}

/** The changes, worst first, by domain; beside what training seeds differ by. */
function ChangesPanel({ ablation: { rows, baseline }, model }: PanelProps) {
  const domains = Object.keys(baseline.domains)
  const ordered = [...rows].sort((a, b) => b.delta - a.delta)
  const domainOf = (row: AblationRow, domain: string) =>
    (row.domains as Record<string, { delta: number } | undefined>)[domain]
  const spread = model.loss?.deviation
  return (
    <ChartPanel
      title="What each change does, in nats per character"
      fileName={`${model.id}-changes`}
      answer={
        <>
          Unchanged: loss {formatLoss(baseline.loss)}.{' '}
          {typeof spread === 'number' &&
            `Training seeds of ${model.id} differ by ± ${formatLoss(spread)} (shipped, ${model.loss?.seeds} seeds).`}
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
              <th scope="col">change</th>
              <th scope="col">loss</th>
              {domains.map((domain) => (
                <th key={domain} scope="col">
                  {domain}
                </th>
              ))}
            </tr>
            {typeof spread === 'number' && (
              <tr className={styles.spread}>
                <th scope="row">spread of seeds</th>
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
                <td title={`± ${row.standardError?.toFixed(4)}`}>{signed(row.delta)}</td>
                {domains.map((domain) => (
                  <td key={domain} style={{ background: shade(domainOf(row, domain)?.delta ?? 0) }}>
                    {signed(domainOf(row, domain)?.delta ?? Number.NaN)}
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

/** An intervention in a few words; layers count from 1, as everywhere on screen, and tokens are written out. */
function changeName(intervention: Intervention, { tokenizer }: LibraryModel): string {
  const { layer } = intervention
  const name = interventionName(layer === undefined ? intervention : { ...intervention, layer: layer + 1 })
  if (intervention.kind !== 'force' || !intervention.tokens) return name
  return name.replace(
    listOf('token', intervention.tokens),
    intervention.tokens.map((token) => `“${visible(tokenizer.tokenText(token))}”`).join(' ')
  )
}

function signed(change: number): string {
  if (Math.abs(change) < 0.0005) return '0.000'
  return `${change >= 0 ? '+' : '−'}${Math.abs(change).toFixed(3)}`
}

/** Stronger for larger rises, up to half a nat. */
function shade(change: number): string {
  const part = Math.round(Math.min(1, Math.max(0, change) / 0.5) * 55)
  return `color-mix(in oklab, var(--moe) ${part}%, transparent)`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
