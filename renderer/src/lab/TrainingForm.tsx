import { countParameters } from '@core/arch/count/count'
import { memo } from 'react'
import { formatDuration } from '../charts/format'
import { formatBytes } from '../charts/format-large'
import { useAppState } from '../state/app'
import { Button } from '../ui/Button'
import { Choice } from '../ui/Choice'
import { Segments } from '../ui/Segments'
import { defaultTraining, type LabRun, type LockedQuantity, type TrainingChoices, trainingLimits } from './choices'
import { expectedSeconds } from './expected-time'
import { ChoiceRow, type PartProps, Problem, Row, SegmentsRow, Typed } from './fields'
import { ModelFields } from './ModelFields'
import { chosenArchitecture } from './plan'
import { presetOf, presets, withPreset } from './presets'
import { trainingProblems } from './problems'
import { RecipeFields } from './RecipeFields'
import { RouterFields } from './RouterFields'
import { TextFields } from './TextFields'
import styles from './TrainingForm.module.css'
import type { LabTraining } from './trainings'
import { isSameChosen, useChooseLab, useEdited } from './use-lab'

/** The shape, text and length of the run that is edited. */
export const TrainingForm = memo(Form, (before, after) => isSameChosen(before.trainings, after.trainings))

function Form({ trainings }: { trainings: readonly LabTraining[] }) {
  const edited = useEdited()
  const run = useAppState(({ choices }) => choices.lab.runs[edited])
  const chooseLab = useChooseLab()
  if (!run) return null
  const replace = (next: LabRun) =>
    chooseLab(({ runs }) => ({ runs: runs.map((each, place) => (place === edited ? next : each)) }))
  const change = (changes: Partial<LabRun>) => replace({ ...run, ...changes })
  const preset = presetOf(run, defaultTraining)
  const { name } = trainings[edited] ?? {}
  return (
    <div className={styles.form}>
      {trainings.length > 1 && <p className={styles.subject}>{name}</p>}
      <ChoiceRow
        label="Preset"
        value={preset?.id ?? 'own'}
        options={[
          ...presets.map(({ id, label }) => ({ value: id, label })),
          ...(preset ? [] : [{ value: 'own', label: 'own shape' }])
        ]}
        onChange={(id) => {
          const found = presets.find((each) => each.id === id)
          if (found) replace(withPreset(run, found, defaultTraining))
        }}
      />
      <Segments
        label="Kind"
        value={run.kind}
        options={[
          { value: 'dense', label: 'Dense' },
          { value: 'moe', label: 'MoE' }
        ]}
        onChange={(kind) => change({ kind })}
      />
      <Shape run={run} change={change} />
      <TextFields run={run} change={change} replace={replace} />
      <RecipeFields run={run} change={change} />
      {trainings.length > 1 && <Lock run={run} trainings={trainings} edited={edited} replace={replace} />}
      <ModelFields run={run} trainings={trainings} edited={edited} />
      <Memory chosen={run} />
      <Refusals run={run} />
    </div>
  )
}

function Shape({ run, change }: PartProps) {
  const hidden = hiddenWidths(run)
  return (
    <>
      <Typed run={run} field="width" label="Width" onChange={(width) => change({ width })} />
      <Typed run={run} field="layers" label="Layers" onChange={(layers) => change({ layers })} />
      {(run.layers > 1 || run.sharedLayers) && (
        <SegmentsRow
          label="Tied layers"
          value={run.sharedLayers ? 'yes' : 'no'}
          options={[
            { value: 'no', label: 'no' },
            { value: 'yes', label: 'yes' }
          ]}
          onChange={(tied) => change({ sharedLayers: tied === 'yes' })}
        />
      )}
      <Typed run={run} field="heads" label="Heads" onChange={(heads) => change({ heads })} />
      {run.kind === 'dense' ? (
        <Typed
          run={run}
          field="feedForwardWidth"
          label="FFN width"
          value={hidden.dense}
          limits={trainingLimits.hidden}
          onChange={(feedForwardWidth) => change({ feedForwardWidth })}
        />
      ) : (
        <>
          <Typed run={run} field="experts" label="Experts" onChange={(experts) => change({ experts })} />
          <Typed run={run} field="topK" label="Top-k" onChange={(topK) => change({ topK })} />
          <Typed
            run={run}
            field="expertWidth"
            label="Expert width"
            value={hidden.expert}
            limits={trainingLimits.hidden}
            onChange={(expertWidth) => change({ expertWidth })}
          />
          <Typed
            run={run}
            field="sharedWidth"
            label="Shared expert width"
            limits={[0, 4096]}
            onChange={(sharedWidth) => change({ sharedWidth })}
          />
          <RouterFields chosen={run} onChange={(router) => change({ router })} />
          <Problem run={run} field="router" />
          <SegmentsRow
            label="Load-balancing loss"
            value={run.balanceLoss > 0 ? 'on' : 'off'}
            options={[
              { value: 'on', label: 'on' },
              { value: 'off', label: 'off' }
            ]}
            onChange={(balance) => change({ balanceLoss: balance === 'on' ? 0.01 : 0 })}
          />
        </>
      )}
    </>
  )
}

interface LockProps {
  readonly run: LabRun
  readonly trainings: readonly LabTraining[]
  readonly edited: number
  readonly replace: (run: LabRun) => void
}

const lockNames: readonly { readonly value: LockedQuantity | 'free'; readonly label: string }[] = [
  { value: 'free', label: 'nothing' },
  { value: 'active', label: 'active parameters' },
  { value: 'total', label: 'total parameters' },
  { value: 'flops', label: 'training FLOPs' },
  { value: 'time', label: 'expected time' }
]

/** The run that this one is kept equal to while either is edited. */
function Lock({ run, trainings, edited, replace }: LockProps) {
  const { lock, ...free } = run
  const others = trainings.flatMap(({ place, name }) =>
    place === undefined || place === edited ? [] : [{ value: place, label: name }]
  )
  const [first] = others
  if (!first) return null
  return (
    <>
      <ChoiceRow
        label="Kept equal in"
        value={lock?.in ?? 'free'}
        options={lockNames}
        onChange={(quantity) =>
          replace(quantity === 'free' ? free : { ...free, lock: { to: lock?.to ?? first.value, in: quantity } })
        }
      />
      {lock && (
        <Row label="to">
          <Choice
            label="Kept equal to"
            value={lock.to}
            options={others}
            onChange={(to) => replace({ ...free, lock: { ...lock, to } })}
          />
        </Row>
      )}
      {lock?.in === 'time' && <EqualTime run={run} partner={trainings[lock.to]?.chosen} replace={replace} />}
    </>
  )
}

interface EqualTimeProps {
  readonly run: LabRun
  readonly partner: LabRun | undefined
  readonly replace: (run: LabRun) => void
}

/** Speeds are measured while runs learn: the steps are matched when something is chosen, or asked for here. */
function EqualTime({ run, partner, replace }: EqualTimeProps) {
  const seen = Object.values(useAppState((state) => state.trainings))
  if (!partner || trainingProblems(run).length + trainingProblems(partner).length > 0) return null
  const [own, other] = [expectedSeconds(run, seen), expectedSeconds(partner, seen)]
  if (own === undefined || other === undefined) {
    return <p className={styles.cost}>No speed is known yet: let a model of each kind take some steps, then match.</p>
  }
  return (
    <p className={styles.cost}>
      Expected {formatDuration(own)} against {formatDuration(other)}, by the speeds measured here.{' '}
      <Button onClick={() => replace(run)}>Match the steps</Button>
    </p>
  )
}

function Memory({ chosen }: { chosen: TrainingChoices }) {
  if (chosen.kind === 'dense' || chosen.checkpoints === 0 || trainingProblems(chosen).length > 0) return null
  const { total } = countParameters(chosenArchitecture(chosen))
  return (
    <p className={styles.cost}>
      Checkpoints take up to <b>{formatBytes(4 * total * chosen.checkpoints)}</b> and show how the routing develops.
    </p>
  )
}

/** The reason for which the edited run did not begin when it was asked for. */
function Refusals({ run }: { run: LabRun }) {
  const refusals = useAppState((state) => state.refusals)
  const refusal = refusals.findLast(({ training }) => training === run)
  if (!refusal) return null
  return (
    <p className={styles.refusal} role="alert">
      {refusal.reason}
    </p>
  )
}

/** The hidden widths that are used where none are chosen. */
function hiddenWidths(run: LabRun): { readonly dense: number; readonly expert: number } {
  // Heads that do not divide the width are told beside it.
  const hidden = (kind: LabRun['kind']) => {
    const { router: _router, ...shape } = run
    const width = 2 * Math.ceil(run.width / 2)
    const [layer] = chosenArchitecture({ ...shape, kind, heads: 1, width, topK: 1 }).layers
    return layer?.feedForward.kind === 'moe' ? layer.feedForward.expertWidth : (layer?.feedForward.width ?? 0)
  }
  return { dense: hidden('dense'), expert: run.expertWidth ?? hidden('moe') }
}
