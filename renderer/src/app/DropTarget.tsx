import { useEffect, useState } from 'react'
import { useApp } from '../state/app'
import { messageOf } from '../state/library'
import { openGivenFile } from '../state/open-file'
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
    const onDrop = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setOver(false)
      const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file')
      const [item] = items
      if (!item) return
      if (items.length > 1) app.notify(`${items.length} files were dropped, and the first of them is opened.`)
      void app.host
        .droppedFile(item)
        .then((file) => (file ? openGivenFile(app, file) : app.notify('A folder cannot be opened: drop a file.')))
        .catch((error: unknown) => app.notify(`That cannot be opened: ${messageOf(error)}`))
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
