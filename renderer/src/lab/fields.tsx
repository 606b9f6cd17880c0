/** Rows of the form of a run. */
import type { ReactNode } from 'react'
import { Choice, type ChoiceProps } from '../ui/Choice'
import { NumberInput, type NumberInputProps } from '../ui/NumberInput'
import { Segments, type SegmentsProps } from '../ui/Segments'
import { type LabRun, type TrainingChoices, trainingLimits } from './choices'
import { trainingProblems } from './problems'
import styles from './TrainingForm.module.css'

/** The run whose fields are shown, and how it is changed. */
export interface PartProps {
  readonly run: LabRun
  readonly change: (changes: Partial<LabRun>) => void
}

interface RowProps {
  readonly label: string
  /** A few words more, for who points at it. */
  readonly title?: string | undefined
  readonly children: ReactNode
}

/** A field beside its label. */
export function Row({ label, title, children }: RowProps) {
  return (
    <div className={styles.field} title={title}>
      <span aria-hidden="true">{label}</span>
      {children}
    </div>
  )
}

/** One of some options that are listed when it is opened. */
export function ChoiceRow<T extends string | number>(props: ChoiceProps<T>) {
  return (
    <Row label={props.label}>
      <Choice {...props} />
    </Row>
  )
}

type Titled = Pick<RowProps, 'title'>

/** One of few options, all of them in sight. */
export function SegmentsRow<T extends string>({ title, ...props }: SegmentsProps<T> & Titled) {
  return (
    <Row label={props.label} title={title}>
      <Segments {...props} />
    </Row>
  )
}

/** A number that is typed. */
export function NumberRow({ title, ...props }: NumberInputProps & Titled) {
  return (
    <div className={`${styles.field} ${styles.typed}`} title={title}>
      <NumberInput {...props} />
    </div>
  )
}

interface PercentRowProps extends Pick<NumberInputProps, 'label' | 'onChange'> {
  /** From 0 to 1, as what is chosen. */
  readonly share: number
  /** Most percent, by default 99; the least is 1. */
  readonly most?: number
}

/** A share that is typed in percent. */
export function PercentRow({ label, share, most = 99, onChange }: PercentRowProps) {
  return (
    <NumberRow
      label={label}
      value={Math.round(100 * share)}
      min={1}
      max={most}
      onChange={(percent) => onChange(percent / 100)}
    />
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
      <NumberRow label={label} value={value} min={min} max={max} onChange={onChange} />
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
    <ChoiceRow
      label={label}
      value={value}
      options={all.map((option) => ({ value: option, label: write(option) }))}
      onChange={onChange}
    />
  )
}
