/** Speeds that were measured in this session, beside what is predicted for the same models and this machine. */
import type { Architecture } from '@core/arch/architecture'
import { describe } from '@core/arch/describe/architecture'
import { expertsCost } from '@core/bench/experts-cost'
import { describeWorkload, type PredictionError, predictionError, predictSpeed } from '@core/bench/predicted'
import { speedShapes } from '@core/bench/shapes'
import type { MeasuredMachine } from '@core/bench/step-cost'
import type { AppState } from '../state/app-state'
import { modelName } from '../words/model-words'
import { deviceOfMachine } from './machine-device'

/** A model that ran here, with its measured and its predicted tokens per second. */
export interface MeasuredSpeedRow extends PredictionError {
  readonly id: string
  readonly name: string
  readonly kind: 'dense' | 'moe'
  /** Total parameters. */
  readonly total: number
}

type Measured = Pick<AppState, 'contestants' | 'choices' | 'library' | 'speedPoints' | 'replay'>

/** One row for each model whose decode speed was measured here; none without a measured machine. */
export function measuredSpeeds(state: Measured, machine: MeasuredMachine | undefined): MeasuredSpeedRow[] {
  if (!machine) return []
  const { contestants, choices, library, speedPoints, replay } = state
  const raced = ([choices.left, choices.right] as const).flatMap((id, side): MeasuredSpeedRow[] => {
    const model = library?.models.find((each) => each.id === id)
    const speed = contestants[side as 0 | 1].speed
    // A replay shows the speed of the machine that it was recorded on.
    if (!model || !speed || replay) return []
    const error = predictionError(predictedSpeed(model.architecture, machine), speed.median)
    return [
      { ...error, id: `${side}-${id}`, name: `${modelName(model)} (${id})`, kind: model.role, total: model.total }
    ]
  })
  const shapes = speedPoints.map(({ width, kind, parameters, tokensPerSecond }): MeasuredSpeedRow => {
    const architecture = speedShapes({ width, experts: 16, topK: 2 })[kind]
    return {
      ...predictionError(predictedSpeed(architecture, machine), tokensPerSecond.median),
      id: `${kind}-${width}`,
      name: `${kind === 'moe' ? 'MoE' : 'Dense'}, d ${width}, untrained`,
      kind: kind === 'moe' ? 'moe' : 'dense',
      total: parameters.total
    }
  })
  return [...raced, ...shapes].sort((a, b) => a.total - b.total)
}

/** Tokens per second of one sequence in the midst of its context, in 32 bits, as the engine computes. */
function predictedSpeed(architecture: Architecture, machine: MeasuredMachine): number {
  const context = Math.max(1, Math.round(architecture.context / 2))
  const { layerMs, passes } = expertsCost(machine.stepCost, architecture)
  const workload = describeWorkload(describe(architecture), { format: 'fp32', context, bytesPerValue: 4 })
  const moeLayers = workload.moeLayers.map((layer) => ({ ...layer, bytesPerExpert: passes * layer.bytesPerExpert }))
  const device = deviceOfMachine(machine, layerMs)
  return predictSpeed('decode', { ...workload, moeLayers }, device, 'fp32').tokensPerSecond
}
