import type { Failure } from '../engine/failures'
import { useApp } from '../state/app'
import { Button } from '../ui/Button'
import { pairModels } from './choices'
import styles from './FailurePanel.module.css'

/** A failure and its remedy. */
export function FailurePanel({ failure: { title, detail, remedy } }: { failure: Failure }) {
  const { choose, session } = useApp()
  return (
    <section className={styles.failure} role="alert">
      <h2>{title}</h2>
      <p>{detail}</p>
      {remedy === 'restart-engine' && (
        <Button look="primary" onClick={() => void session.restart()}>
          Start the engine again
        </Button>
      )}
      {remedy === 'choose-models' && (
        <div className={styles.buttons}>
          <Button look="primary" onClick={() => void session.restart()}>
            Try again
          </Button>
          <Button onClick={() => choose({ pair: 'equal-active', ...pairModels['equal-active'] })}>
            Go back to the usual pair
          </Button>
        </div>
      )}
    </section>
  )
}

/** The screen of a build that ships no trained models. */
export function NoModels() {
  return (
    <section className={styles.empty}>
      <h2>There are no trained models here yet</h2>
      <p>
        Moescope compares models that it trained itself, and this build came without them. Train the family in a
        terminal; all of it takes some hours:
      </p>
      <pre>npm run pretrain{'\n'}npm start</pre>
      <p>
        It can be stopped (Ctrl+C) at any time: the models that are ready are then put in their place, and the same
        command goes on with the others.
      </p>
      <Button look="primary" onClick={() => location.reload()}>
        Look again
      </Button>
    </section>
  )
}
