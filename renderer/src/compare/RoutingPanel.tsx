import { moeLayers } from '@core/arch/architecture'
import type { StepRecord } from '@core/generate/records'
import { useDeferredValue } from 'react'
import { CandidateBars } from '../charts/CandidateBars'
import { ExpertBars } from '../charts/ExpertBars'
import { formatPercent, visible } from '../charts/format'
import { RoutingGrid } from '../charts/RoutingGrid'
import { gridHeight, layerTop, type RoutingLayout } from '../charts/routing-layout'
import { useMedia, useWidth } from '../charts/use-size'
import { useApp, useAppState } from '../state/app'
import type { LibraryModel } from '../state/library'
import { Panel } from '../ui/Panel'
import { useTheme } from '../ui/use-appearance'
import { ExpertSwitches } from './ExpertSwitches'
import { RoutingExport } from './RoutingExport'
import styles from './RoutingPanel.module.css'
import { useChosenModels } from './use-models'

/** Whole, so that a picture that moves stays sharp. */
const narrowestColumn = 6
const widestColumn = 16

/** The experts of each token, and the models' predictions after it. */
export function RoutingPanel() {
  const models = useChosenModels()
  const place = useAppState(({ pointed, choices }) => pointed ?? choices.selected)
  const pointedSide = place !== null && models[place.model]?.role === 'moe' ? place.model : undefined
  const side = pointedSide ?? (models[1]?.role === 'moe' ? 1 : models[0]?.role === 'moe' ? 0 : undefined)
  const model = side === undefined ? undefined : models[side]
  return (
    <Panel
      id="routing"
      title="Experts of each token"
      className={styles.panel ?? ''}
      aside={side !== undefined && model && <Export side={side} model={model} />}
    >
      {side !== undefined && model ? (
        <>
          <ExpertSwitches key={model.id} model={model} />
          <Routing side={side} model={model} />
        </>
      ) : (
        <p className={styles.none}>
          {models[0] && models[1] ? 'Neither of these models has experts, so nothing is routed.' : ' '}
        </p>
      )}
      <Inspector />
    </Panel>
  )
}

function Export({ side, model }: { side: 0 | 1; model: LibraryModel }) {
  const steps = useDeferredValue(useAppState(({ contestants }) => contestants[side].steps))
  const layout = layoutOf(model, true)
  return steps.length > 0 && <RoutingExport model={model} layout={layout} steps={steps} />
}

function Routing({ side, model }: { side: 0 | 1; model: LibraryModel }) {
  const { store, choose } = useApp()
  const theme = useTheme()
  const [ref, width] = useWidth()
  const [barsRef, barsWidth] = useWidth()
  // The texts go before: what was routed follows them, in pieces of work that leave room for a frame.
  const steps = useDeferredValue(useAppState(({ contestants }) => contestants[side].steps))
  const tokens = useAppState(({ choices }) => choices.tokens)
  const prompt = useAppState(({ choices }) => choices.prompt)
  const place = useAppState(({ pointed, choices }) => pointed ?? choices.selected)
  const failed = useAppState(({ status }) => status === 'failed')
  const layout = layoutOf(model, useMedia('(min-height: 951px)'))
  const columnWidth = Math.min(widestColumn, Math.max(narrowestColumn, width / (prompt.length + 1 + tokens)))
  const count = Math.floor(width / columnWidth)
  const marked = place?.model === side ? steps.find(({ position }) => position === place.position) : undefined
  const shown = windowAround(
    steps,
    count,
    useAppState(({ choices }) => choices.selected?.position)
  )
  const { experts = 1 } = layout.layers[0] ?? {}
  const chosen = marked?.routing.map((each) => each.experts)
  return (
    <div className={styles.routing}>
      <RowLabels {...layout} />
      <div ref={ref} className={styles.grid}>
        {width > 0 && (
          <RoutingGrid
            {...layout}
            columns={shown.map((step) => ({ ...step, generated: step.source === 'generated' }))}
            width={width}
            columnWidth={columnWidth}
            theme={theme}
            highlighted={marked?.position}
            onPoint={(position) =>
              store.setState({ pointed: position === undefined ? null : { model: side, position } })
            }
            onSelect={(position) => choose({ selected: { model: side, position } })}
          />
        )}
        {steps.length === 0 && (
          <p className={styles.waiting}>
            {failed ? 'Nothing was routed.' : 'Run, and every character shows the experts it went to.'}
          </p>
        )}
      </div>
      <div ref={barsRef} className={styles.bars}>
        <h3>{marked ? 'Router probability' : 'Expert load'}</h3>
        <ExpertBars
          {...layout}
          shares={marked ? marked.routing.map((each) => each.probabilities) : loadsOf(steps, layout)}
          chosen={chosen}
          reference={1 / experts}
          width={barsWidth}
          theme={theme}
        />
        <small>dashed: even, {formatPercent(1 / experts)}</small>
      </div>
    </div>
  )
}

function layoutOf({ architecture }: LibraryModel, tall: boolean): RoutingLayout {
  const layers = moeLayers(architecture).map((layer) => {
    const feedForward = architecture.layers[layer]?.feedForward
    return { layer, experts: feedForward?.kind === 'moe' ? feedForward.experts : 0 }
  })
  const rows = layers.reduce((sum, { experts }) => sum + experts, 0)
  return { layers, rowHeight: Math.max(4, Math.min(12, Math.round((tall ? 250 : 168) / rows))) }
}

/** As many steps as fit: the last ones, or those around a chosen position. */
function windowAround(steps: readonly StepRecord[], count: number, position: number | undefined) {
  const end = position === undefined ? steps.length : Math.max(count, Math.ceil(position + count / 2))
  return steps.slice(Math.max(0, Math.min(end, steps.length) - count), end)
}

/** The share of all assignments that went to each expert: `[layers][experts]`. */
function loadsOf(steps: readonly StepRecord[], { layers }: RoutingLayout): number[][] {
  return layers.map(({ experts }, index) => {
    const loads = new Array<number>(experts).fill(0)
    let all = 0
    for (const { routing } of steps) {
      for (const expert of routing[index]?.experts ?? []) {
        loads[expert] = (loads[expert] ?? 0) + 1
        all++
      }
    }
    return loads.map((load) => load / Math.max(1, all))
  })
}

function RowLabels(layout: RoutingLayout) {
  const every = layout.rowHeight < 7 ? 4 : 2
  return (
    <svg className={styles.labels} width="100%" height={gridHeight(layout)} aria-hidden="true">
      {layout.layers.map(({ layer, experts }, index) => (
        <g key={layer} transform={`translate(0,${layerTop(layout, index)})`}>
          <text y={(experts * layout.rowHeight) / 2 + 4}>layer {layer}</text>
          {Array.from({ length: Math.ceil(experts / every) }, (_, i) => (
            <text
              key={i}
              x="98%"
              y={(i * every + 0.5) * layout.rowHeight + 3}
              textAnchor="end"
              className={styles.expert}
            >
              {i * every}
            </text>
          ))}
        </g>
      ))}
    </svg>
  )
}

/** Characters of the text before a prediction. */
const shownBefore = 20

/** Predictions of both models after the token looked at, else after the prompt. */
function Inspector() {
  const contestants = useDeferredValue(useAppState((state) => state.contestants))
  const place = useAppState(({ pointed, choices }) => pointed ?? choices.selected)
  const models = useChosenModels()
  const position = place?.position ?? contestants[0].steps.findLast(({ source }) => source === 'prompt')?.position
  return (
    <div className={styles.inspector} data-testid="inspector" aria-live="off">
      <h3>{place ? 'What came next, and what else could have' : 'The first prediction, after the prompt'}</h3>
      {contestants.map(({ steps }, side) => {
        const at = steps.findIndex((each) => each.position === position)
        const step = steps[at]
        const kind = models[side]?.role ?? 'dense'
        if (!step) return side === 0 ? <p key="none">Point at a character, or go to it with the arrow keys.</p> : null
        const before = steps.slice(Math.max(0, at - 7), at + 1)
        return (
          <div key={side === 0 ? 'left' : 'right'} className={styles.candidates}>
            <p>
              after <code>{[...before.map(({ text }) => visible(text)).join('')].slice(-shownBefore).join('')}</code>
            </p>
            <CandidateBars candidates={step.next.candidates.slice(0, 6)} next={step.next.token} kind={kind} />
            {step.routing.length > 0 && <h4>experts, by weight</h4>}
            {step.routing.length > 0 && (
              <ul className={styles.decisions}>
                {step.routing.map(({ layer, experts, gates }) => (
                  <li key={layer}>
                    layer {layer}:{' '}
                    {experts.map((expert, i) => `${expert} (${formatPercent(gates[i] ?? 0)})`).join(', ')}
                  </li>
                ))}
              </ul>
            )}
          </div>
        )
      })}
    </div>
  )
}
