/** Rows of the form of a run. */
import type { ReactNode } from 'react'
import { Choice } from '../ui/Choice'
import { NumberInput } from '../ui/NumberInput'
import { type LabRun, type TrainingChoices, trainingLimits } from './choices'
import { trainingProblems } from './problems'
import styles from './TrainingForm.module.css'

/** The run whose fields are shown, and how it is changed. */
export interface PartProps {
  readonly run: LabRun
  readonly change: (changes: Partial<LabRun>) => void
}

/** A field beside its label. */
export function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles.field}>
      <span aria-hidden="true">{label}</span>
      {children}
    </div>
  )
}

interface TypedProps {
  readonly run: LabRun
  readonly field: keyof TrainingChoices
  readonly label: string
  readonly value?: number
  readonly limits?: readonly [number, number]
  readonly onChange: (value: number) => void
}

/** A whole number that is typed, and beneath it what is wrong with it. */
export function Typed({ run, field, label, value = Number(run[field]), limits, onChange }: TypedProps) {
  const [min, max] = limits ?? trainingLimits[field as keyof typeof trainingLimits]
  return (
    <>
      <div className={`${styles.field} ${styles.typed}`}>
        <NumberInput label={label} value={value} min={min} max={max} onChange={onChange} />
      </div>
      <Problem run={run} field={field} />
    </>
  )
}

/** The fault of a field, where it has one. */
export function Problem({ run, field }: { run: LabRun; field: keyof TrainingChoices }) {
  const problem = trainingProblems(run).find((each) => each.field === field)
  if (!problem) return null
  return (
    <p className={styles.refusal} role="alert">
      {problem.reason}.
    </p>
  )
}

interface NumbersProps {
  readonly label: string
  readonly value: number
  readonly options: readonly number[]
  readonly write?: (value: number) => string
  readonly onChange: (value: number) => void
}

/** One of some usual numbers; another one that came with a link stays among them. */
export function Numbers({ label, value, options, write = String, onChange }: NumbersProps) {
  const all = options.includes(value) ? options : [...options, value].sort((a, b) => a - b)
  return (
    <Row label={label}>
      <Choice
        label={label}
        value={value}
        options={all.map((option) => ({ value: option, label: write(option) }))}
        onChange={onChange}
      />
    </Row>
  )
}
