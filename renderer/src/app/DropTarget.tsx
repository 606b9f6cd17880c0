import { messageOf } from '@core/reason'
import { useEffect, useState } from 'react'
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
    const open = async (
      folders: readonly FileSystemDirectoryEntry[],
      files: readonly Promise<OpenedFile | undefined>[]
    ) => {
      const { openFolder, openGivenFile, openGivenFiles } = await import('../files/open-file')
      for (const folder of folders)
        await openFolder(app, async () => (await import('../host/opened-folders')).droppedFolder(folder))
      const found: OpenedFile[] = []
      for (const each of files) {
        try {
          const file = await each
          if (file) found.push(file)
        } catch (error) {
          app.notify(`That cannot be opened: ${messageOf(error)}`)
        }
      }
      if (found.length > 1) return openGivenFiles(app, found)
      for (const file of found) await openGivenFile(app, file)
    }
    const onDrop = (event: DragEvent) => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setOver(false)
      const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file')
      // All at once, because they are gone when the event is over.
      const folders: FileSystemDirectoryEntry[] = []
      const files: Promise<OpenedFile | undefined>[] = []
      for (const item of items) {
        const entry = item.webkitGetAsEntry()
        if (entry && isFolder(entry)) folders.push(entry)
        else files.push(app.host.droppedFile(item))
      }
      for (const each of files) each.catch(() => undefined)
      void open(folders, files)
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

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
