import { transformOf, transforms } from '@core/compress'
import { Button } from '../ui/Button'
import { Choice } from '../ui/Choice'
import styles from './CompressView.module.css'
import { type ChosenChain, chainOf, stepsOf, withOneMore, withoutStep, withStep } from './chain'
import type { ChosenStep } from './choices'
import { SettingFields } from './SettingFields'

interface ChainFieldsProps {
  readonly chosen: ChosenChain
  readonly onChange: (chain: ChosenChain) => void
}

/** The transforms of the chain in their order, each with its settings. */
export function ChainFields({ chosen, onChange }: ChainFieldsProps) {
  const steps = stepsOf(chosen)
  const longer = withOneMore(chosen)
  const more = longer && (
    <Button title="One more transform in the chain" onClick={() => onChange(longer)}>
      Add a transform
    </Button>
  )
  const fields = (step: ChosenStep, place: number) => (
    <StepFields
      step={step}
      name={steps.length === 1 ? 'Transform' : `Transform ${place + 1}`}
      isVaried={place === chosen.before.length}
      onChange={(changed) => onChange(withStep(chosen, place, changed))}
    />
  )
  if (steps.length === 1) {
    return (
      <>
        {steps.map(fields)}
        {more}
      </>
    )
  }
  return (
    <ol className={styles.chain}>
      {steps.map((step, place) => (
        // A step is its place: two may be the same.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={place} data-varied={place === chosen.before.length || undefined}>
          {fields(step, place)}
          {place === chosen.before.length ? (
            <span className={styles.varied}>{transformOf(step.transform).sweep.setting} is varied</span>
          ) : (
            <Button look="quiet" onClick={() => onChange(chainOf(steps, place))}>
              Vary {transformOf(step.transform).sweep.setting}
            </Button>
          )}
          <Button
            look="quiet"
            aria-label={`Take transform ${place + 1} out of the chain`}
            onClick={() => onChange(withoutStep(chosen, place))}
          >
            Take out
          </Button>
        </li>
      ))}
      {more && <li>{more}</li>}
    </ol>
  )
}

interface StepFieldsProps {
  readonly step: ChosenStep
  readonly name: string
  readonly isVaried: boolean
  readonly onChange: (step: ChosenStep) => void
}

/** A transform and its settings. */
export function StepFields({ step, name, isVaried, onChange }: StepFieldsProps) {
  return (
    <>
      <Choice
        label={name}
        value={step.transform}
        options={transforms.map(({ id, name, saves }) => ({ value: id, label: name, hint: saves }))}
        onChange={(transform) => onChange({ transform, settings: {} })}
      />
      <SettingFields
        step={step}
        varied={isVaried ? transformOf(step.transform).sweep.setting : undefined}
        onChange={(settings) => onChange({ ...step, settings })}
      />
    </>
  )
}
