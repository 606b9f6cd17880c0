import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import { Sheet } from '../ui/Sheet'

/** Asks before a run is removed with all that it has saved. */
export function RemoveSheet() {
  const app = useApp()
  const id = useAppState((state) => state.removing)
  const close = () => app.store.setState({ removing: undefined })
  const remove = () => {
    if (id !== undefined) attempt(app, () => app.remove(id))
    close()
  }
  return (
    <Sheet
      title={`Remove ${id ?? ''}?`}
      open={id !== undefined}
      onClose={close}
      closeLabel="Keep"
      width={32}
      foot={<Button onClick={remove}>Remove</Button>}
    >
      <p>
        All that it has saved is deleted, its model and checkpoints too. Undo brings them back until this window closes.
      </p>
    </Sheet>
  )
}
