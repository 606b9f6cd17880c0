import { messageOf } from '@core/reason'
import { useEffect, useState } from 'react'
import { openGivenFile } from '../files/open-file'
import type { OpenedFile } from '../host/host'
import { useApp } from '../state/app'
import styles from './DropTarget.module.css'

/** The whole window takes files; it says so while one is over it. */
export function DropTarget() {
  const app = useApp()
  const [over, setOver] = useState(false)
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const onDragOver = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const openInTurn = async (files: readonly Promise<OpenedFile | undefined>[]) => {
      for (const found of files) {
        try {
          const file = await found
          if (file) await openGivenFile(app, file)
          else app.notify('A folder cannot be opened: drop files.')
        } catch (error) {
          app.notify(`That cannot be opened: ${messageOf(error)}`)
        }
      }
    }
    const onDrop = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setOver(false)
      const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file')
      // All at once, because they are gone when the event is over.
      const files = items.map((item) => app.host.droppedFile(item))
      for (const file of files) file.catch(() => undefined)
      void openInTurn(files)
    }
    window.addEventListener('dragover', onDragOver)
    window.addEventListener('dragleave', onDragLeave)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragover', onDragOver)
      window.removeEventListener('dragleave', onDragLeave)
      window.removeEventListener('drop', onDrop)
    }
  }, [app])
  return over && <div className={styles.target}>Drop to open</div>
}
