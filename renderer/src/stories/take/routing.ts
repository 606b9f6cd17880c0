/** The damage of each expert on the page of ablations; on the others the load of each expert of the trace. */
import { shareOf } from '@core/evaluate/load-and-loss'
import { isUnavailable } from '@core/routing/statistics/statistic'
import type { BarsRecord, LoadsRecord } from '@core/stories/records'
import { knownAblation } from '../../lab/ablate'
import { chosenPlace } from '../../routing/inspector'
import type { AppState } from '../../state/app-state'
import { courseSeconds, pointed, type Take, type TakenRecord, z95 } from './taken'

export const takeRouting: Take = (state) => {
  const [trace] = state.traces
  if (!trace) return shippedLoads(state)
  const damage = state.choices.inspection.page === 'causes' ? damageOf(state, trace.facts.model) : undefined
  return damage ?? loadsOf(state)
}

/** Most bars of a record. */
const mostBars = 20

/** Most layers, and experts of each, that can be told apart on a stage. */
const mostLayers = 4
const mostExperts = 32

function damageOf(state: AppState, model: string): TakenRecord | undefined {
  const rows = (knownAblation(state, model)?.rows ?? [])
    .flatMap(({ intervention, delta, standardError }): BarsRecord['rows'] => {
      const [expert, ...more] = intervention.kind === 'mask' ? intervention.experts : []
      if (intervention.kind !== 'mask' || expert === undefined || more.length > 0) return []
      const layer = intervention.layer ?? 0
      const ends = standardError === null ? {} : { low: delta - z95 * standardError, high: delta + z95 * standardError }
      return [
        { id: `${layer}:${expert}`, label: `layer ${layer}, expert ${expert}`, role: 'moe', value: delta, ...ends }
      ]
    })
    .toSorted((a, b) => b.value - a.value)
    .slice(0, mostBars)
  const [trace] = state.traces
  if (rows.length < 2 || !trace) return undefined
  const { layer, expert } = chosenPlace(state.choices.inspection, trace.facts)
  const chosen = `${trace.facts.layers[layer] ?? layer}:${expert}`
  return pointed(
    {
      kind: 'bars',
      basis: 'measured',
      source: `ablation of ${model}, each expert on its own`,
      seconds: courseSeconds,
      quantity: 'loss increase without the expert, nats per character',
      format: 'change',
      rows
    },
    rows.some(({ id }) => id === chosen) ? chosen : undefined
  )
}

function loadsOf({ traces, measured, choices }: AppState): TakenRecord | undefined {
  const [trace] = traces
  const counts = measured?.trace === trace?.id ? measured?.statistics.choices : undefined
  if (!trace || !counts || isUnavailable(counts)) return undefined
  const { facts, name } = trace
  const { layer, expert } = chosenPlace(choices.inspection, facts)
  const layers = counts.layers.map((_, row) => [
    ...counts.any.subarray(row * counts.experts, (row + 1) * counts.experts)
  ])
  const row = Math.max(0, counts.layers.indexOf(layer))
  const source = `trace ${name}, ${counts.tokens} tokens`
  const isFew = layers.length <= mostLayers && counts.experts <= mostExperts
  return isFew
    ? pointed(loadsRecord([{ label: name, layers }], 'measured', source), `${row}:${expert}`)
    : largestLoads(layers[row] ?? [], facts.layers[layer] ?? layer, expert, source)
}

/** The busiest experts of a layer, where there are too many to be drawn. */
function largestLoads(counts: readonly number[], layer: number, chosen: number, source: string): TakenRecord {
  const rows = counts
    .map((_, expert) => ({
      id: String(expert),
      label: `expert ${expert}`,
      role: 'moe' as const,
      value: shareOf(counts, expert)
    }))
    .toSorted((a, b) => b.value - a.value)
    .slice(0, mostBars)
  return pointed(
    {
      kind: 'bars',
      basis: 'measured',
      source,
      seconds: courseSeconds,
      quantity: `share of the assignments of layer ${layer}; even: ${(100 / counts.length).toPrecision(2)} %`,
      format: 'percent',
      rows
    },
    rows.some(({ id }) => id === String(chosen)) ? String(chosen) : undefined
  )
}

/** Without a trace the view shows the loads of the shipped models. */
function shippedLoads({ library }: AppState): TakenRecord | undefined {
  const models = (library?.models ?? []).filter(({ own, loads }) => !own && loads.length > 0)
  const experts = models[0]?.loads[0]?.length
  const alike = models.filter(({ loads }) => loads.every(({ length }) => length === experts))
  if (alike.length === 0) return undefined
  const frames = alike.map(({ id, loads }) => ({ label: id, layers: loads }))
  return { record: loadsRecord(frames, 'shipped', 'training.json of the shipped models') }
}

function loadsRecord(
  frames: readonly { readonly label: string; readonly layers: readonly (readonly number[])[] }[],
  basis: LoadsRecord['basis'],
  source: string
): LoadsRecord {
  return {
    kind: 'loads',
    basis,
    source,
    seconds: frames.length > 1 ? courseSeconds : 0,
    frames: frames.map(({ label, layers }) => ({
      label,
      shares: layers.map((counts) => counts.map((_, expert) => shareOf(counts, expert)))
    }))
  }
}
