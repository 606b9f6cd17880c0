/** The curves of trainings, as they are told step by step. */
import { moeLayers } from '@core/arch/architecture'
import { trainFlopsPerToken } from '@core/arch/count/count'
import type { ValidationPoint } from '@core/formats/training-report'
import { type TrainEvent, type TrainSpec, trainingPlan } from '@core/lab/kinds/train'
import type { TrainingStep } from '@core/train/trainer'
import type { StoreApi } from 'zustand/vanilla'
import type { AppState } from '../state/app-state'
import type { LoadStretch, ShownTraining } from './state'

/** Steps of several trainings may come faster than one can look. */
const millisecondsBetweenDraws = 200

/** Stretches of steps whose loads are told apart. */
const mostStretches = 60

interface Curve {
  readonly facts: Pick<ShownTraining, 'kind' | 'steps' | 'charactersPerStep' | 'flopsPerToken'>
  readonly losses: (readonly [characters: number, loss: number])[]
  readonly points: ValidationPoint[]
  readonly clock: (readonly [characters: number, seconds: number])[]
  readonly loads: LoadStretch[]
  /** MoE layers, and steps of a stretch of `loads`. */
  readonly layers: number
  readonly stretch: number
  sample: ShownTraining['sample']
}

export interface TrainingCurves {
  hear(id: string, spec: TrainSpec, event: TrainEvent): void
  /** Draws what was told last, because no more will come. */
  end(id: string): void
}

function shownBy({ facts, losses, points, clock, loads, sample }: Curve): ShownTraining {
  return { ...facts, losses: [...losses], points: [...points], clock: [...clock], loads: [...loads], sample }
}

/** Adds the assignments of a step to the last stretch, or begins another one. */
function addLoad({ loads, layers, stretch }: Curve, { step, load }: Pick<TrainingStep, 'step' | 'load'>): void {
  if (!load) return
  const experts = load.length / layers
  const counts = Array.from({ length: layers }, (_, layer) => [
    ...load.subarray(layer * experts, (layer + 1) * experts)
  ])
  const last = loads.at(-1)
  if (!last || Math.floor((step - 1) / stretch) > Math.floor((last.step - 1) / stretch)) {
    loads.push({ step, counts })
    return
  }
  const sum = last.counts.map((row, layer) => row.map((count, expert) => count + (counts[layer]?.[expert] ?? 0)))
  loads[loads.length - 1] = { step, counts: sum }
}

/** The clock of what was followed here before, up to where a training goes on from. */
function clockUntil(before: ShownTraining['clock'], characters: number, seconds: number): Curve['clock'] {
  const earlier = before.filter(([at]) => at < characters)
  return [
    ...(earlier.length > 0 ? earlier : [[0, 0] as const]),
    ...(characters > 0 ? [[characters, seconds] as const] : [])
  ]
}

export function createTrainingCurves(store: StoreApi<AppState>): TrainingCurves {
  const curves = new Map<string, Curve>()

  /** Ids of curves that have grown since they were drawn. */
  const grown = new Set<string>()
  let drawn = 0

  /** Draws all that have grown at once: the page is made anew once for all of them. */
  function draw(): void {
    drawn = performance.now()
    const shown = Object.fromEntries(
      [...grown].flatMap((id) => {
        const curve = curves.get(id)
        return curve ? [[id, shownBy(curve)]] : []
      })
    )
    grown.clear()
    store.setState(({ trainings }) => ({ trainings: { ...trainings, ...shown } }))
  }

  return {
    hear: (id, spec, event) => {
      if (event.kind === 'begin') {
        const { architecture, recipe } = trainingPlan(spec)
        const charactersPerStep = recipe.batch * architecture.context
        // The saved curve has the mean of each stretch; the one that was followed here has every step.
        const seen = store.getState().trainings[id]?.losses ?? []
        const before = seen.filter(([characters]) => characters <= event.step * charactersPerStep)
        const curve: Curve = {
          facts: {
            kind: moeLayers(architecture).length > 0 ? 'moe' : 'dense',
            steps: event.steps,
            charactersPerStep,
            flopsPerToken: trainFlopsPerToken(architecture)
          },
          losses:
            before.length > 0 ? before : event.trainingLoss.map(([step, loss]) => [step * charactersPerStep, loss]),
          points: [...event.curve],
          loads: (store.getState().trainings[id]?.loads ?? []).filter(({ step }) => step <= event.step),
          layers: moeLayers(architecture).length,
          stretch: Math.ceil(event.steps / mostStretches),
          sample: store.getState().trainings[id]?.sample,
          clock: clockUntil(store.getState().trainings[id]?.clock ?? [], event.step * charactersPerStep, event.seconds)
        }
        curves.set(id, curve)
        grown.add(id)
        draw()
        store.setState({ shownTraining: id })
        return
      }
      const curve = curves.get(id)
      if (!curve) return
      grown.add(id)
      if (event.kind === 'validation') {
        curve.points.push(event.point)
        draw()
      } else if (event.kind === 'sample') {
        curve.sample = event.sample
      } else if (event.kind === 'step') {
        const characters = event.record.step * curve.facts.charactersPerStep
        curve.losses.push([characters, event.record.loss])
        addLoad(curve, event.record)
        curve.clock.push([characters, event.seconds])
        if (performance.now() - drawn >= millisecondsBetweenDraws) draw()
      }
    },
    end: (id) => {
      if (curves.has(id)) {
        grown.add(id)
        draw()
      }
      curves.delete(id)
    }
  }
}
