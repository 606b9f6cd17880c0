import { NumberField } from '@base-ui/react/number-field'
import { useId } from 'react'
import { useApp } from '../state/app'
import field from './Field.module.css'
import styles from './NumberInput.module.css'

export interface NumberInputProps {
  readonly label: string
  readonly value: number
  /** Default: any. */
  readonly min?: number
  readonly max?: number
  /** True for any number, not a whole one alone. */
  readonly fraction?: boolean
  readonly onChange: (value: number) => void
}

/** A number that is typed, by default a whole one; the arrow keys change it. One outside of its limits is said. */
export function NumberInput({ label, value, min, max, fraction = false, onChange }: NumberInputProps) {
  const id = useId()
  const { notify } = useApp()
  const tellLimits = (typed: number) => {
    if (min === undefined || max === undefined || Number.isNaN(typed)) return
    const taken = Math.min(max, Math.max(min, typed))
    if (taken !== typed) {
      const [from, to, now, asked] = [min, max, taken, typed].map((each) => each.toLocaleString('en'))
      notify(`${label} goes from ${from} to ${to}: ${now} instead of ${asked}.`)
    }
  }
  return (
    <NumberField.Root
      id={id}
      className={styles.field}
      value={value}
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
      step={fraction ? 'any' : 1}
      format={{ useGrouping: false, maximumFractionDigits: fraction ? 12 : 0 }}
      onValueCommitted={(changed) => {
        if (changed !== null) onChange(fraction ? changed : Math.round(changed))
      }}
    >
      <label htmlFor={id}>{label}</label>
      <NumberField.Input
        className={field.field}
        style={{ width: `${fraction ? 12 : String(max).length + 2.5}ch` }}
        onBlur={(event) => tellLimits(Number(event.currentTarget.value))}
        onKeyDown={(event) => {
          // Leaving the field takes over its text.
          if (event.key === 'Enter') event.currentTarget.blur()
        }}
      />
    </NumberField.Root>
  )
}
