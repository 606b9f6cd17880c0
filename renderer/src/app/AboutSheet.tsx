import { useEffect, useState } from 'react'
import { useApp, useAppState } from '../state/app'
import { Button } from '../ui/Button'
import { Sheet } from '../ui/Sheet'
import styles from './AboutSheet.module.css'

/** Versions of the app and its parts, and their licences. */
export function AboutSheet() {
  const { host, store, notify } = useApp()
  const open = useAppState(({ overlay }) => overlay === 'about')
  const [versions, setVersions] = useState<Readonly<Record<string, string>>>({})
  const [licences, setLicences] = useState<string>()
  useEffect(() => {
    if (open) host.versions().then(setVersions, () => undefined)
  }, [host, open])
  const rows = Object.entries(versions)
  const copy = async () => {
    await host.copyText(rows.map(([name, version]) => `${name} ${version}`).join('\n'))
    notify('The versions are in the clipboard.')
  }
  return (
    <Sheet
      title="About Moescope"
      open={open}
      onClose={() => store.setState({ overlay: undefined })}
      foot={<Button onClick={() => void copy()}>Copy versions</Button>}
    >
      <p>A desktop laboratory for mixture-of-experts language models. Nothing that you do here leaves this machine.</p>
      <dl className={styles.versions}>
        {rows.map(([name, version]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{version}</dd>
          </div>
        ))}
      </dl>
      {licences === undefined ? (
        <Button look="quiet" onClick={() => void readLicences().then(setLicences)}>
          Licences of what it is built on
        </Button>
      ) : (
        <pre className={styles.licences}>{licences}</pre>
      )}
    </Sheet>
  )
}

async function readLicences(): Promise<string> {
  const response = await fetch('./licences.txt').catch(() => undefined)
  return response?.ok ? response.text() : 'This build came without the file of its licences.'
}
