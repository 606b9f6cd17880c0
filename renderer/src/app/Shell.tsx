import { Tooltip } from '@base-ui/react/tooltip'
import { useEffect } from 'react'
import { CompareView } from '../compare/CompareView'
import { useApp, useAppState } from '../state/app'
import { CommandButton } from '../ui/CommandButton'
import { EngineChip } from './EngineChip'
import { HelpSheet } from './HelpSheet'
import { LinkIcon, OpenIcon, SaveIcon, ThemeIcon } from './icons'
import styles from './Shell.module.css'
import { useThemeOnPage } from './use-theme'

/** What surrounds every view. */
export function Shell() {
  useThemeOnPage()
  return (
    <Tooltip.Provider>
      <header className={styles.header}>
        <strong className={styles.brand}>Moescope</strong>
        <span className={styles.motto}>what experts weigh, cost and are worth</span>
        <EngineChip />
        <CommandButton id="open-run" look="quiet" iconOnly>
          <OpenIcon />
        </CommandButton>
        <CommandButton id="save-run" look="quiet" iconOnly>
          <SaveIcon />
        </CommandButton>
        <CommandButton id="copy-link" look="quiet" iconOnly>
          <LinkIcon />
        </CommandButton>
        <CommandButton id="theme" look="quiet" iconOnly>
          <ThemeIcon />
        </CommandButton>
        <CommandButton id="help" look="quiet" iconOnly>
          <span aria-hidden="true">?</span>
        </CommandButton>
      </header>
      <CompareView />
      <HelpSheet />
      <Notice />
    </Tooltip.Provider>
  )
}

const noticeMilliseconds = 6000

function Notice() {
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
