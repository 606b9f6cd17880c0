/** Chosen runs as runs of the queue. */
import { canonicalJson } from '@core/canonical-json'
import { type TrainSpec, trainForm } from '@core/lab/kinds/train'
import type { RunRecord } from '@core/lab/run'
import { trainSpec } from '@core/lab/train-spec'
import type { TrainingChoices } from './choices'
import { chosenPlan } from './plan'

/** The spec of a training. Throws where `trainingProblems` names a reason. */
export function specOf(chosen: TrainingChoices): TrainSpec {
  const { from, kind, checkpoints } = chosen
  const spec = trainSpec(chosenPlan(chosen), { count: kind === 'moe' ? checkpoints : 0 })
  return from ? { ...spec, from: { id: from.id, weights: from.weights } } : spec
}

/** The run of these choices, if it was ever asked for. */
export function recordOf(runs: readonly RunRecord[], chosen: TrainingChoices): RunRecord | undefined {
  const key = keyOf(chosen, () => specOf(chosen))
  return runs.find(({ kind, spec }) => kind === trainForm.kind && keyOf(spec as object, () => spec) === key)
}

/** Written once for each object: records come anew with every step, but their specs stay. */
const keys = new WeakMap<object, string>()

function keyOf(of: object, spec: () => unknown): string {
  const known = keys.get(of)
  if (known !== undefined) return known
  const key = canonicalJson(spec())
  keys.set(of, key)
  return key
}
