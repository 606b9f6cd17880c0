import { useId, useState } from 'react'
import field from '../ui/Field.module.css'
import styles from './Architectures.module.css'
import { type OwnDevice, ownDeviceSchema } from './choices'

const fields: readonly { readonly id: Exclude<keyof OwnDevice, 'name'>; readonly label: string; unit: string }[] = [
  { id: 'bandwidth', label: 'Memory speed', unit: 'GB/s' },
  { id: 'teraflops', label: 'Arithmetic in 16 bits', unit: 'TFLOP/s' },
  { id: 'memory', label: 'Memory', unit: 'GiB' },
  { id: 'watts', label: 'Power (0: not known)', unit: 'W' },
  { id: 'devices', label: 'How many', unit: '' },
  { id: 'link', label: 'Link between them', unit: 'GB/s' }
]

/** A device of one's own, in the units of data sheets; what cannot be is said and not taken over. */
export function OwnDeviceForm({ own, onChange }: { own: OwnDevice; onChange: (own: OwnDevice) => void }) {
  return (
    <fieldset className={styles.ownDevice}>
      <legend>Your device</legend>
      <TypedField
        label="Name"
        value={own.name}
        check={(name) => problemOf({ ...own, name })}
        onChange={(name) => onChange({ ...own, name })}
      />
      {fields
        .filter(({ id }) => id !== 'link' || own.devices > 1)
        .map(({ id, label, unit }) => (
          <TypedField
            key={id}
            label={label}
            unit={unit}
            value={String(own[id])}
            check={(text) => problemOf({ ...own, [id]: numberOf(text) })}
            onChange={(text) => onChange({ ...own, [id]: numberOf(text) })}
          />
        ))}
    </fieldset>
  )
}

interface TypedFieldProps {
  readonly label: string
  readonly unit?: string
  readonly value: string
  /** Reason for which a text cannot be the value; undefined when it can. */
  readonly check: (text: string) => string | undefined
  readonly onChange: (text: string) => void
}

/** A text that is taken over when the field is left or Enter pressed, if it can be. */
function TypedField({ label, unit = '', value, check, onChange }: TypedFieldProps) {
  const id = useId()
  const [typed, setTyped] = useState<string>()
  const problem = typed === undefined ? undefined : check(typed)
  const take = () => {
    if (typed === undefined || problem !== undefined) return
    setTyped(undefined)
    if (typed !== value) onChange(typed)
  }
  return (
    <div className={styles.typed}>
      <label htmlFor={id}>{label}</label>
      <span>
        <input
          id={id}
          className={field.field}
          value={typed ?? value}
          maxLength={60}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={take}
          onKeyDown={(event) => {
            if (event.key === 'Enter') take()
            if (event.key === 'Escape') setTyped(undefined)
          }}
        />
        {unit !== '' && <small>{unit}</small>}
      </span>
      {problem !== undefined && (
        <small id={`${id}-problem`} role="alert" className={styles.problem}>
          {problem}
        </small>
      )}
    </div>
  )
}

/** A number as it is typed, with a comma or a point; NaN for what is none. */
function numberOf(text: string): number {
  const plain = text.trim().replace(',', '.')
  return plain === '' ? Number.NaN : Number(plain)
}

function problemOf(own: OwnDevice): string | undefined {
  if (own.name.trim() === '') return 'expected a name'
  const [issue] = ownDeviceSchema.safeParse(own).error?.issues ?? []
  if (!issue) return undefined
  const field = own[issue.path[0] as keyof OwnDevice]
  if (typeof field === 'number' && Number.isNaN(field)) return 'expected a number'
  return issue.message.replace(/^Invalid input: |^Too (small|big): /, '')
}
