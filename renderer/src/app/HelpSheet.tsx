import { Dialog } from '@base-ui/react/dialog'
import { useEffect, useState } from 'react'
import { commands } from '../commands/commands'
import { keyName } from '../commands/shortcuts'
import { useApp, useAppState } from '../state/app'
import { Button } from '../ui/Button'
import styles from './HelpSheet.module.css'

/** All commands with their keys. */
export function HelpSheet() {
  const { host, store } = useApp()
  const open = useAppState((state) => state.helpOpen)
  const [version, setVersion] = useState('')
  useEffect(() => {
    host.version().then(setVersion, () => setVersion('unknown'))
  }, [host])
  return (
    <Dialog.Root open={open} onOpenChange={(helpOpen) => store.setState({ helpOpen })}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.sheet}>
          <Dialog.Title className={styles.title}>Keyboard shortcuts</Dialog.Title>
          <dl className={styles.list}>
            {commands.map((command) => (
              <div key={command.id}>
                <dt>{command.label}</dt>
                <dd>
                  <kbd>{keyName(command)}</kbd>
                </dd>
              </div>
            ))}
          </dl>
          <p className={styles.more}>
            Tab reaches every control. In a text the arrow keys go from token to token, and what the model did with each
            appears below it. Version {version}.
          </p>
          <Dialog.Close render={<Button>Close</Button>} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
