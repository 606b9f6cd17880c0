/** Notices, which go by themselves, and warnings, which stay until dismissed. */
import { useEffect } from 'react'
import { useApp, useAppState } from '../state/app'
import { Button } from '../ui/Button'
import { CommandButton } from '../ui/CommandButton'
import styles from './Notices.module.css'

const noticeMilliseconds = 6000

/** Something that happened; it goes away by itself. */
export function Notice() {
  const { store } = useApp()
  const notice = useAppState((state) => state.notice)
  useEffect(() => {
    if (notice === undefined) return
    const timer = setTimeout(() => store.setState({ notice: undefined }), noticeMilliseconds)
    return () => clearTimeout(timer)
  }, [notice, store])
  return (
    <output className={styles.notices}>
      {notice !== undefined && <span className={styles.notice}>{notice}</span>}
    </output>
  )
}

/** Warnings that stay until dismissed: unsaved data, set-aside files, the last session's crash. */
export function Warnings() {
  const { store } = useApp()
  const warnings = useAppState((state) => state.warnings)
  const crash = useAppState((state) => state.crash)
  return (
    <>
      {crash !== undefined && (
        <aside className={styles.warning} aria-label="The last session">
          <p>Moescope did not end by itself the last time. This is what was chosen then.</p>
          <CommandButton id="copy-crash-report">Copy report</CommandButton>
          <Button onClick={() => store.setState({ crash: undefined })}>Dismiss</Button>
        </aside>
      )}
      {warnings.map((warning) => (
        <aside key={warning} className={styles.warning} aria-label="Warning">
          <p>{warning}</p>
          <Button
            onClick={() => store.setState((state) => ({ warnings: state.warnings.filter((each) => each !== warning) }))}
          >
            Dismiss
          </Button>
        </aside>
      ))}
    </>
  )
}
