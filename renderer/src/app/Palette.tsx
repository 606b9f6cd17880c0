import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { useState } from 'react'
import { useGallery } from '../architectures/use-gallery'
import { findEntries, type PaletteEntry, type PaletteGroup, paletteGroups } from '../commands/palette-entries'
import { useApp, useAppState } from '../state/app'
import sheet from '../ui/Sheet.module.css'
import styles from './Palette.module.css'

/** Finds a command, a model, a setting, a prompt or a recent file by a few letters. */
export function Palette() {
  const { store } = useApp()
  const open = useAppState(({ overlay }) => overlay === 'palette')
  const close = () => store.setState(({ overlay }) => (overlay === 'palette' ? { overlay: undefined } : {}))
  return (
    <Dialog.Root open={open} onOpenChange={(stays) => !stays && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={sheet.backdrop} />
        <Dialog.Popup className={styles.palette} aria-label="Find a command">
          <Search onDone={close} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Search({ onDone }: { onDone: () => void }) {
  const app = useApp()
  const [query, setQuery] = useState('')
  // As it was when the palette was opened: what runs meanwhile must not move the entries under the pointer.
  const [state] = useState(() => app.store.getState())
  const gallery = useGallery()
  const groups = paletteGroups({ ...state, gallery })
  const found = findEntries(groups, query).map(({ label, entries }) => ({ value: label, items: entries }))
  const choose = (entry: PaletteEntry) => {
    onDone()
    entry.run(app)
  }
  return (
    <Autocomplete.Root
      open
      inline
      items={found}
      filter={null}
      value={query}
      onValueChange={setQuery}
      itemToStringValue={(entry: PaletteEntry) => entry.label}
      autoHighlight="always"
      keepHighlight
    >
      <Autocomplete.Input
        className={styles.input}
        aria-label="Find a command"
        placeholder="Commands, models, settings, prompts, recent files"
      />
      <div className={styles.list}>
        <Autocomplete.Empty>
          <p className={styles.empty}>{query === '' ? '' : 'Nothing is called that. Try fewer letters.'}</p>
        </Autocomplete.Empty>
        <Autocomplete.List>
          {(group: { value: PaletteGroup['label']; items: readonly PaletteEntry[] }) => (
            <Autocomplete.Group key={group.value} items={group.items}>
              <Autocomplete.GroupLabel className={styles.label}>{group.value}</Autocomplete.GroupLabel>
              <Autocomplete.Collection>
                {(entry: PaletteEntry) => (
                  <Autocomplete.Item key={entry.id} value={entry} className={styles.item} onClick={() => choose(entry)}>
                    <span>{entry.label}</span>
                    <small>{entry.detail}</small>
                  </Autocomplete.Item>
                )}
              </Autocomplete.Collection>
            </Autocomplete.Group>
          )}
        </Autocomplete.List>
      </div>
    </Autocomplete.Root>
  )
}
