import { Slider } from '@base-ui/react/slider'
import { useState } from 'react'
import field from './Field.module.css'
import styles from './Range.module.css'

export interface RangeProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly write: (value: number) => string
  /** The value of a typed text, undefined for none; absent where values cannot be typed. */
  readonly read?: (text: string) => number | undefined
  /** Behind the value. */
  readonly unit?: string
  readonly onChange: (value: number) => void
}

/** A number on a slider, with its value beside it. */
export function Range(props: RangeProps) {
  const { label, value, min, max, step, write, read, unit = '', onChange } = props
  return (
    <Slider.Root
      className={styles.range}
      value={value}
      min={min}
      max={max}
      step={step}
      onValueChange={(changed) => onChange(Number(changed.toFixed(2)))}
    >
      <Slider.Label className={styles.label}>{label}</Slider.Label>
      <Slider.Control className={styles.control}>
        <Slider.Track className={styles.track}>
          <Slider.Indicator className={styles.indicator} />
          <Slider.Thumb className={styles.thumb} aria-label={label} />
        </Slider.Track>
      </Slider.Control>
      {read ? <TypedValue {...props} read={read} /> : <output className={styles.value}>{write(value)}</output>}
      {unit !== '' && <span>{unit}</span>}
    </Slider.Root>
  )
}

type TypedProps = RangeProps & Required<Pick<RangeProps, 'read'>>

/** The value as text that can be changed; outside the limits it becomes the nearest of them, and says so. */
function TypedValue({ label, value, min, max, write, read, unit = '', onChange }: TypedProps) {
  const written = write(value)
  const [draft, setDraft] = useState<string>()
  const [problem, setProblem] = useState('')
  const limits = `${write(min)} to ${write(max)} ${unit}`.trim()
  const take = () => {
    if (draft === undefined) return
    const typed = read(draft)
    if (typed === undefined) {
      setProblem(`Expected an amount such as ${written}, found “${draft}”.`)
      return
    }
    const within = Math.min(max, Math.max(min, typed))
    setProblem(within === typed ? '' : `Limited to ${limits}.`)
    setDraft(undefined)
    if (within !== value) onChange(within)
  }
  return (
    <span className={styles.typed}>
      <input
        className={field.field}
        aria-label={`${label}, typed`}
        aria-invalid={problem !== ''}
        title={limits}
        size={Math.max(5, written.length)}
        value={draft ?? written}
        onChange={(event) => setDraft(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={take}
        onKeyDown={(event) => event.key === 'Enter' && take()}
      />
      {problem !== '' && <output className={styles.problem}>{problem}</output>}
    </span>
  )
}
