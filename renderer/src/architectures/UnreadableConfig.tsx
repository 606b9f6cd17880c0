import { Button } from '../ui/Button'
import { CommandButton } from '../ui/CommandButton'
import styles from './Architectures.module.css'
import { Head } from './Head'
import type { Unreadable } from './subjects'
import { useArchitectures } from './use-architectures'

/** A config.json that cannot be read, why, and the way on. */
export function UnreadableConfig({ unreadable }: { unreadable: Unreadable | undefined }) {
  const [{ opened }, choose] = useArchitectures()
  if (!unreadable) {
    return (
      <>
        <Head question="No config.json is open" />
        <section className={styles.message}>
          <p>Open the config.json of a model, or drop it on the window.</p>
          <CommandButton id="open" look="primary" />
        </section>
      </>
    )
  }
  const { file, message, unknownKind, unknownShapes, offersBestEffort } = unreadable
  return (
    <>
      <Head question={unknownKind === undefined ? `${file} cannot be read` : 'What kind of model is this?'} />
      <section className={styles.message} role="alert">
        {unknownKind !== undefined && (
          <h2>
            No reader knows the model_type <code>{unknownKind}</code>
          </h2>
        )}
        <p>{message}</p>
        {offersBestEffort && (
          <p>
            It can be read by the names of its keys. What is assumed is said, and every figure is labelled as a best
            effort.
          </p>
        )}
        <div className={styles.buttons}>
          {offersBestEffort && opened && (
            <Button look="primary" onClick={() => choose({ opened: { ...opened, bestEffort: true } })}>
              Read as best effort
            </Button>
          )}
          {unknownShapes && opened && (
            <Button look="primary" onClick={() => choose({ opened: { ...opened, bestEffort: 'anyway' } })}>
              Read it all the same
            </Button>
          )}
          <CommandButton id="open">Open another file …</CommandButton>
          <Button onClick={() => choose({ screen: 'gallery' })}>All models</Button>
        </div>
      </section>
    </>
  )
}
