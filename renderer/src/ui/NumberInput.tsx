import { NumberField } from '@base-ui/react/number-field'
import { useId } from 'react'
import field from './Field.module.css'
import styles from './NumberInput.module.css'

export interface NumberInputProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly onChange: (value: number) => void
}

/** A whole number that is typed; the arrow keys change it. */
export function NumberInput({ label, value, min, max, onChange }: NumberInputProps) {
  const id = useId()
  return (
    <NumberField.Root
      id={id}
      className={styles.field}
      value={value}
      min={min}
      max={max}
      step={1}
      format={{ useGrouping: false, maximumFractionDigits: 0 }}
      onValueCommitted={(changed) => {
        if (changed !== null) onChange(Math.round(changed))
      }}
    >
      <label htmlFor={id}>{label}</label>
      <NumberField.Input
        className={field.field}
        style={{ width: `${String(max).length + 2.5}ch` }}
        onKeyDown={(event) => {
          // Leaving the field takes over its text.
          if (event.key === 'Enter') event.currentTarget.blur()
        }}
      />
    </NumberField.Root>
  )
}
