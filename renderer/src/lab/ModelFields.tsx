import { countParameters } from '@core/arch/count/count'
import { writeConfig } from '@core/arch/write-config'
import { canonicalJson } from '@core/canonical-json'
import { tokenizer } from '@core/corpus'
import { distillationSchema } from '@core/formats/training-report'
import { sameVocabulary } from '@core/tokenizers/tokenizer'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import type { LibraryModel } from '../state/library'
import type { ChoiceOption } from '../ui/Choice'
import { type ChosenModel, type LabRun, pruningIds, type TrainingChoices } from './choices'
import { ChoiceRow, NumberRow, PercentRow, Problem } from './fields'
import { referenceOf } from './models'
import { modelName } from './names'
import { chosenArchitecture } from './plan'
import { trainingProblems } from './problems'
import styles from './TrainingForm.module.css'
import type { LabTraining } from './trainings'
import { useChooseLab } from './use-lab'

interface ModelFieldsProps {
  readonly run: LabRun
  readonly trainings: readonly LabTraining[]
  /** Place of the run. */
  readonly edited: number
}

/** The other models of the edited run: the one with whose weights it begins, and the one that it follows. */
export function ModelFields({ run, trainings, edited }: ModelFieldsProps) {
  const chooseLab = useChooseLab()
  const library = useAppState((state) => state.library)
  // A run that has other models itself is chosen by its own model, once it is trained.
  const alone = trainings.flatMap(({ chosen, place, problems }) =>
    chosen && place !== edited && problems.length === 0 && !chosen.from && !chosen.teacher ? [aloneOf(chosen)] : []
  )
  const others = [
    ...alone.map((training): Candidate => ({ training })),
    ...(library?.models ?? []).filter(({ tokenizer: own }) => sameVocabulary(own, tokenizer))
  ]
  const change = (changed: (before: LabRun) => LabRun) =>
    chooseLab(({ runs }) => ({ runs: runs.map((each, place) => (place === edited ? changed(each) : each)) }))
  return (
    <>
      <h3 className={styles.part}>Other models</h3>
      <Start run={run} others={others.filter((each) => isOfShape(each, run))} change={change} />
      <Teacher run={run} others={others.filter((each) => contextOf(each) >= run.context)} change={change} />
    </>
  )
}

/** A training of the Lab, whose model it is once that has ended, or a model that is here. */
type Candidate = { readonly training: TrainingChoices } | LibraryModel

interface PartProps {
  readonly run: LabRun
  readonly others: readonly Candidate[]
  readonly change: (changed: (before: LabRun) => LabRun) => void
}

type Pruning = NonNullable<NonNullable<LabRun['from']>['transforms']>

function Start({ run, others, change }: PartProps) {
  const { from } = run
  const [pruning, ...more] = from?.transforms ?? []
  const isPruning = more.length === 0 && pruningIds.some((id) => id === pruning?.id)
  const begin = (model: ChosenModel | undefined) =>
    change(({ from: before, ...rest }) => (model ? { ...rest, from: startWith(model, before?.transforms) } : rest))
  const prune = (transforms: Pruning | undefined) =>
    change(({ from: before, ...rest }) => (before ? { ...rest, from: startWith(before, transforms) } : rest))
  return (
    <>
      <ModelChoice label="Begins with" none="random weights" model={from} others={others} onChange={begin} />
      <Problem run={run} field="from" />
      {from && (
        <ChoiceRow
          label="Pruned before"
          value={pruning ? (isPruning ? pruning.id : 'own') : 'none'}
          options={[
            { value: 'none', label: 'no' },
            { value: 'magnitude', label: 'by magnitude' },
            { value: 'wanda', label: 'by Wanda' },
            { value: 'random', label: 'at random' },
            ...(pruning && !isPruning
              ? [{ value: 'own', label: [pruning, ...more].map(({ id }) => id).join(', ') }]
              : [])
          ]}
          onChange={(id) => prune(id === 'none' ? undefined : [{ id, share: pruning?.share ?? 0.5, pattern: 'free' }])}
        />
      )}
      {pruning && isPruning && (
        <PercentRow
          label="Pruned weights, %"
          share={Number(pruning.share)}
          onChange={(share) => prune([{ ...pruning, share, pattern: 'free' }])}
        />
      )}
    </>
  )
}

function startWith(model: ChosenModel, transforms: Pruning | undefined): NonNullable<LabRun['from']> {
  const plain = 'training' in model ? { training: model.training } : hereOf(model)
  return transforms ? { ...plain, transforms } : plain
}

function hereOf({ id, weights, parameters }: Exclude<ChosenModel, { readonly training: unknown }>) {
  return { id, weights, parameters }
}

function Teacher({ run, others, change }: PartProps) {
  const { teacher } = run
  const follow = (model: ChosenModel | undefined) =>
    change(({ teacher: before, ...rest }) =>
      model ? { ...rest, teacher: { ...distillationSchema.parse({}), ...before, model } } : rest
    )
  return (
    <>
      <ModelChoice label="Teacher" none="none, text alone" model={teacher?.model} others={others} onChange={follow} />
      <Problem run={run} field="teacher" />
      {teacher && (
        <>
          <PercentRow
            label="Teacher, % of the loss"
            share={teacher.share}
            most={100}
            onChange={(share) => change((before) => ({ ...before, teacher: { ...teacher, share } }))}
          />
          <NumberRow
            label="Temperature of teacher and student"
            value={teacher.temperature}
            min={0.1}
            max={100}
            fraction
            onChange={(temperature) => change((before) => ({ ...before, teacher: { ...teacher, temperature } }))}
          />
        </>
      )}
    </>
  )
}

interface ModelChoiceProps {
  readonly label: string
  /** The words for no model. */
  readonly none: string
  readonly model: ChosenModel | undefined
  readonly others: readonly Candidate[]
  readonly onChange: (model: ChosenModel | undefined) => void
}

/** One of the models that there are or will be, or none; one that came with a link stays among them. */
function ModelChoice({ label, none, model, others, onChange }: ModelChoiceProps) {
  const app = useApp()
  const isChosen = (each: Candidate) =>
    model !== undefined &&
    ('training' in each
      ? 'training' in model && canonicalJson(each.training) === canonicalJson(model.training)
      : !('training' in model) && each.id === model.id)
  const chosen = others.findIndex(isChosen)
  const options: ChoiceOption<number>[] = [
    { value: -2, label: none },
    ...(model && chosen === -1 ? [{ value: -1, label: modelName(model) }] : []),
    ...others.map((each, value) =>
      'training' in each
        ? { value, label: modelName({ training: each.training }), hint: 'of the Lab: trained first' }
        : { value, label: each.id }
    )
  ]
  const choose = async (each: Candidate) => {
    if ('training' in each) onChange({ training: each.training })
    else {
      const parameters = countParameters(each.architecture).total
      onChange({ ...(await referenceOf(app.host, each.id)), parameters })
    }
  }
  return (
    <ChoiceRow
      label={label}
      value={model ? chosen : -2}
      options={options}
      onChange={(value) => {
        const found = others[value]
        if (found) attempt(app, () => choose(found))
        else if (value === -2) onChange(undefined)
      }}
    />
  )
}

function aloneOf(run: LabRun): TrainingChoices {
  const { lock: _lock, ...training } = { lock: undefined, ...run }
  return training
}

function contextOf(each: Candidate): number {
  return 'training' in each ? each.training.context : each.architecture.context
}

function isOfShape(each: Candidate, run: LabRun): boolean {
  if (trainingProblems(run).length > 0) return false
  const [own, other] = [
    chosenArchitecture(run),
    'training' in each ? chosenArchitecture(each.training) : each.architecture
  ]
  return canonicalJson(writeConfig(own)) === canonicalJson(writeConfig(other))
}
