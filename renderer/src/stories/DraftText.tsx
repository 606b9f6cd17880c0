import { type ComponentProps, useState } from 'react'
import styles from './Editor.module.css'

export interface DraftTextProps extends Pick<ComponentProps<'textarea'>, 'rows' | 'placeholder' | 'className'> {
  readonly label: string
  /** The value at present. */
  readonly value: string
  /** The value that a text in the field stands for; by default the text itself. */
  readonly taken?: (typed: string) => string
  readonly onChange: (value: string) => void
}

/**
 * A text that is taken at every key, so that undo is the app's own and nothing is lost by leaving. The field keeps what is
 * typed, also where less of it is taken, as an empty line.
 */
export function DraftText({ label, value, taken = (typed) => typed, onChange, className, ...rest }: DraftTextProps) {
  const [draft, setDraft] = useState(value)
  return (
    <label className={`${styles.text} ${className ?? ''}`}>
      <span>{label}</span>
      <textarea
        {...rest}
        spellCheck
        value={taken(draft) === value ? draft : value}
        onChange={({ target }) => {
          setDraft(target.value)
          if (taken(target.value) !== value) onChange(taken(target.value))
        }}
      />
    </label>
  )
}
