import { Select } from '@base-ui/react/select'
import styles from './Choice.module.css'

export interface ChoiceOption<T extends string | number> {
  readonly value: T
  readonly label: string
  /** A few words more, shown in the open list. */
  readonly hint?: string
}

export interface ChoiceProps<T extends string | number> {
  /** Accessible name. */
  readonly label: string
  readonly value: T
  readonly options: readonly ChoiceOption<T>[]
  readonly onChange: (value: T) => void
  readonly disabled?: boolean
  readonly look?: 'field' | 'heading' | 'chip'
}

/** One of some options. */
export function Choice<T extends string | number>(props: ChoiceProps<T>) {
  const { label, value, options, onChange, disabled = false, look = 'field' } = props
  return (
    <Select.Root
      items={options.map((option) => ({ value: option.value, label: option.label }))}
      value={value}
      disabled={disabled}
      onValueChange={(chosen) => {
        if (chosen !== null) onChange(chosen)
      }}
    >
      <Select.Trigger className={styles.trigger} data-look={look} aria-label={label}>
        <Select.Value />
        <Select.Icon className={styles.icon}>
          <svg width="10" height="6" viewBox="0 0 10 6" aria-hidden="true">
            <path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.5" />
          </svg>
        </Select.Icon>
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner className={styles.positioner} sideOffset={4} alignItemWithTrigger={false}>
          <Select.Popup className={styles.popup}>
            {options.map((option) => (
              <Select.Item key={option.value} value={option.value} className={styles.item}>
                <Select.ItemText>{option.label}</Select.ItemText>
                {option.hint && <small>{option.hint}</small>}
              </Select.Item>
            ))}
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  )
}
