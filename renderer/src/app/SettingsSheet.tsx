import { messageOf } from '@core/reason'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { limits } from '../compare/choices'
import type { ModelsFolder, StorageFacts } from '../host/host'
import { refreshOwnModels } from '../lab/own-models'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { defaultSettings, textSizes, themes } from '../state/settings'
import { Button } from '../ui/Button'
import { Choice } from '../ui/Choice'
import { NumberInput } from '../ui/NumberInput'
import { Segments } from '../ui/Segments'
import { Sheet } from '../ui/Sheet'
import { BackendChoice, ThreadsChoice } from './engine-choices'
import styles from './SettingsSheet.module.css'

/** Appearance, engine and storage of this machine. */
export function SettingsSheet() {
  const { store, configure } = useApp()
  const open = useAppState(({ overlay }) => overlay === 'settings')
  return (
    <Sheet
      title="Settings"
      open={open}
      onClose={() => store.setState({ overlay: undefined })}
      foot={
        <Button look="quiet" onClick={() => configure(defaultSettings)}>
          Back to the defaults
        </Button>
      }
    >
      <Looks />
      <Computing />
      <Storage />
    </Sheet>
  )
}

function Looks() {
  const { configure } = useApp()
  const { theme, textSize, motion } = useAppState(({ settings }) => settings)
  return (
    <Group title="Looks">
      <Row label="Theme">
        <Segments
          label="Theme"
          value={theme}
          options={themes.map((value) => ({ value, label: value }))}
          onChange={(chosen) => configure({ theme: chosen })}
        />
      </Row>
      <Row label="Text size" hint="Large for a lecture room.">
        <Choice
          label="Text size"
          value={textSize}
          options={textSizes.map((value) => ({ value, label: `${value} %` }))}
          onChange={(chosen) => configure({ textSize: chosen })}
        />
      </Row>
      <Row label="Motion">
        <Segments
          label="Motion"
          value={motion}
          options={[
            { value: 'system', label: 'as the system says' },
            { value: 'reduce', label: 'none' }
          ]}
          onChange={(chosen) => configure({ motion: chosen })}
        />
      </Row>
    </Group>
  )
}

function Computing() {
  const { configure, session } = useApp()
  // Only a running engine knows what there is to choose from.
  useEffect(() => void session.wake(), [session])
  const seed = useAppState(({ settings }) => settings.seed)
  return (
    <Group title="Computing">
      <Row label="Backend">
        <BackendChoice />
      </Row>
      <Row label="Threads" hint="Small models are often quickest on one.">
        <ThreadsChoice />
      </Row>
      <Row label="Default seed" hint="Of a first comparison; each keeps its own.">
        <NumberInput
          label="Seed"
          value={seed}
          min={0}
          max={limits.seed}
          onChange={(chosen) => configure({ seed: chosen })}
        />
      </Row>
    </Group>
  )
}

function Storage() {
  const app = useApp()
  const { host, notify } = app
  const [folder, setFolder] = useState<ModelsFolder>()
  const [storage, setStorage] = useState<StorageFacts>()
  useEffect(() => {
    host.modelsFolder().then(setFolder, () => undefined)
    host.storage().then(setStorage, () => undefined)
  }, [host])
  const { modelsFolderChoice } = host
  async function change(chosen: Promise<ModelsFolder>): Promise<void> {
    try {
      setFolder(await chosen)
    } catch (error) {
      notify(`The folder was not changed: ${messageOf(error)}`)
      return
    }
    // Other models and trainings lie there.
    attempt(app, () => Promise.all([refreshOwnModels(app), app.lab.open()]))
  }
  return (
    <Group title="What is kept">
      <Row label="Settings and last state">
        <span className={styles.place}>{storage?.problem ?? storage?.folder ?? '…'}</span>
      </Row>
      <Row label="Models trained here">
        <span className={styles.place}>{folder?.path ?? '…'}</span>
        {modelsFolderChoice && (
          <>
            <Button onClick={() => void change(modelsFolderChoice.choose())}>Choose …</Button>
            {folder?.chosen && (
              <Button look="quiet" onClick={() => void change(modelsFolderChoice.reset())}>
                The app’s own
              </Button>
            )}
          </>
        )}
      </Row>
    </Group>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className={styles.group} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  )
}

function Row({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
      <div className={styles.control}>{children}</div>
    </div>
  )
}
