/** Chosen runs as runs of the queue. */
import { canonicalJson } from '@core/canonical-json'
import { type TrainSpec, trainForm } from '@core/lab/kinds/train'
import type { ModelReference } from '@core/lab/model-reference'
import type { RunRecord } from '@core/lab/run'
import { trainSpec } from '@core/lab/train-spec'
import type { AloneChoices, ChosenModel, TrainingChoices } from './choices'
import { chosenPlan } from './plan'

/** The other models of a training, as its spec names them. */
export interface NamedModels {
  readonly from?: ModelReference | undefined
  readonly teacher?: ModelReference | undefined
}

/** The spec of a training with these other models. Throws where `trainingProblems` names a reason. */
export function specOf(chosen: TrainingChoices, models: NamedModels = {}): TrainSpec {
  const { from, teacher, kind, checkpoints } = chosen
  return {
    ...trainSpec(chosenPlan(chosen), { count: kind === 'moe' ? checkpoints : 0 }),
    ...(from && models.from
      ? { from: { ...models.from, ...(from.transforms ? { transforms: from.transforms } : {}) } }
      : {}),
    ...(teacher && models.teacher ? { teacher: { ...teacher, model: models.teacher } } : {})
  }
}

/** The trainings whose models a run begins with or follows: it can begin once they have ended. */
export function trainingsBefore({ from, teacher }: TrainingChoices): AloneChoices[] {
  return [from, teacher?.model].flatMap((model) => (model && 'training' in model ? [model.training] : []))
}

/** The run of these choices, if it was ever asked for. */
export function recordOf(runs: readonly RunRecord[], chosen: TrainingChoices): RunRecord | undefined {
  const key = keyOf(
    plainKey(chosen, () => specOf(chosen)),
    chosen,
    runs
  )
  return runs.find(({ kind, spec }) => kind === trainForm.kind && keyOfSpec(spec as TrainSpec, runs) === key)
}

function keyOfSpec(spec: TrainSpec, runs: readonly RunRecord[]): string {
  const { from, teacher, ...plain } = spec
  return keyOf(
    plainKey(spec, () => plain),
    { from, teacher },
    runs
  )
}

interface OtherModels {
  readonly from?: (AnyModel & Pick<NonNullable<TrainSpec['from']>, 'transforms'>) | undefined
  readonly teacher?: { readonly model: AnyModel; readonly share: number; readonly temperature: number } | undefined
}

type AnyModel = ChosenModel | ModelReference

/** A training by what it is alone, and its other models by the trainings that they are of. */
function keyOf(alone: string, { from, teacher }: OtherModels, runs: readonly RunRecord[]): string {
  if (!from && !teacher) return alone
  return canonicalJson([
    alone,
    from ? [modelKey(from, runs), from.transforms ?? []] : [],
    teacher ? { ...teacher, model: modelKey(teacher.model, runs) } : []
  ])
}

/** A training stands for its model, whatever that is called by now; any other model is known by its weights. */
function modelKey(model: AnyModel, runs: readonly RunRecord[]): string {
  if ('training' in model) return plainKey(model.training, () => specOf(model.training))
  const record = runs.find(({ id, kind }) => kind === trainForm.kind && id === model.id)
  const spec = record?.spec as TrainSpec | undefined
  return spec && !spec.from && !spec.teacher ? plainKey(spec, () => spec) : `${model.id} ${model.weights}`
}

/** Written once for each object: records come anew with every step, but their specs stay. */
const keys = new WeakMap<object, string>()

function plainKey(of: object, spec: () => unknown): string {
  const known = keys.get(of)
  if (known !== undefined) return known
  const key = canonicalJson(spec())
  keys.set(of, key)
  return key
}
