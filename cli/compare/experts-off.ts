/** Experts of the MoE model that are switched off in a comparison, and what changes by it. */
import type { Architecture } from '@core/arch/architecture'
import { moeLayers, moeShape } from '@core/arch/architecture'
import { changedLoss, changedLossCharacters } from '@core/evaluate/changed-loss'
import { createMaskedEvaluator } from '@core/evaluate/masked-evaluator'
import type { ChangedLoss } from '@core/evaluate/paired-losses'
import { validationText } from '@core/evaluate/validation-text'
import { switchedOff } from '@core/model/experts-off'
import type { ExpertsOff } from '@core/model/intervention'
import { interventionPlan } from '@core/model/intervention-plan'
import type { RunnableModel } from '@core/model/runnable-model'
import { reasonOf } from '@core/reason'
import type { Backend } from '@core/runtime/backend'
import { UsageError } from '../terminal/errors'

/**
 * Reads `L:E[,E...]`, the experts of a layer, and `L:all`, its whole MoE. Throws a `UsageError` for another form, and for
 * what the model does not have or cannot do without.
 */
export function readOff(texts: readonly string[], architecture: Architecture): ExpertsOff[] {
  const off = switchedOff(
    architecture,
    texts.map((text) => {
      const [, layer, experts] = /^(\d+):(all|\d+(?:,\d+)*)$/.exec(text) ?? []
      if (layer === undefined || experts === undefined) {
        throw new UsageError(`--off: expected L:E[,E...] or L:all, such as 0:3 or 1:all, found '${text}'`)
      }
      return {
        layer: Number(layer),
        experts: experts === 'all' ? everyExpertOf(architecture, Number(layer)) : experts.split(',').map(Number)
      }
    })
  )
  try {
    interventionPlan(architecture, ...off)
  } catch (error) {
    throw new UsageError(`--off: ${reasonOf(error)}`)
  }
  return off
}

function everyExpertOf(architecture: Architecture, layer: number): number[] {
  return moeLayers(architecture).includes(layer) ? [...Array(moeShape(architecture, layer).experts).keys()] : [0]
}

/** The validation loss with these experts off, and its change; null for a model without a corpus to measure it on. */
export async function lossWithout(
  backend: Backend,
  model: RunnableModel,
  off: readonly ExpertsOff[]
): Promise<ChangedLoss | null> {
  if (!model.report) return null
  const windows = validationText(model, changedLossCharacters)
  const evaluator = createMaskedEvaluator(backend, model)
  try {
    const baseline = await evaluator.evaluate(windows)
    const changed = await evaluator.evaluate(windows, { masks: off })
    return changedLoss(windows, changed.nats, baseline.nats)
  } finally {
    await evaluator.release()
  }
}
