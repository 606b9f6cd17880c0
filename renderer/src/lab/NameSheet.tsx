import { messageOf } from '@core/reason'
import { useState } from 'react'
import { Button } from '../ui/Button'
import field from '../ui/Field.module.css'
import { Sheet } from '../ui/Sheet'
import { modelId } from './copy-model'
import styles from './OwnModels.module.css'

interface NameSheetProps {
  readonly title: string
  /** The name that is in the field at first. */
  readonly proposal: string
  /** The label of the button that takes the name. */
  readonly verb: string
  /** Rejects for a name that cannot be: the sheet stays, and says why. */
  readonly onName: (name: string) => Promise<unknown>
  readonly onClose: () => void
}

/** Asks for the name of a model. */
export function NameSheet({ title, proposal, verb, onName, onClose }: NameSheetProps) {
  const [name, setName] = useState(proposal)
  const [refusal, setRefusal] = useState<string>()
  const take = () => {
    onName(name).then(onClose, (error: unknown) => setRefusal(`${messageOf(error)}.`))
  }
  return (
    <Sheet
      title={title}
      open
      onClose={onClose}
      closeLabel="Cancel"
      width={32}
      foot={
        <Button look="primary" onClick={take}>
          {verb}
        </Button>
      }
    >
      <form
        className={styles.name}
        onSubmit={(event) => {
          event.preventDefault()
          take()
        }}
      >
        <label>
          Name
          <input
            className={field.field}
            value={name}
            maxLength={40}
            onChange={(event) => {
              setName(event.target.value)
              setRefusal(undefined)
            }}
          />
        </label>
      </form>
      <p>{refusal === undefined ? asWritten(name) : <span role="alert">{refusal}</span>}</p>
    </Sheet>
  )
}

/** The id that a name becomes, where it is another one. */
function asWritten(name: string): string {
  try {
    const id = modelId(name)
    return id === name ? 'Letters from a to z, digits and hyphens.' : `It will be called ${id}.`
  } catch (error) {
    return `${messageOf(error)}.`
  }
}
