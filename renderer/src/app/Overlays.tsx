import { lazy, Suspense } from 'react'
import { useAppState } from '../state/app'
import { AboutSheet } from './AboutSheet'
import { AskSheet } from './AskSheet'
import { HelpSheet } from './HelpSheet'
import { Palette } from './Palette'
import { RemoveSheet } from './RemoveSheet'
import { SettingsSheet } from './SettingsSheet'

// Few tell stories, and fewer take one along.
const ExportSheet = lazy(() => import('../stories/export/ExportSheet'))

/** Sheets and palette; a script of its own, because the front page can be used before. */
export default function Overlays() {
  const exportsStory = useAppState(({ overlay }) => overlay === 'export-story')
  return (
    <>
      <Palette />
      <SettingsSheet />
      <HelpSheet />
      <AboutSheet />
      <AskSheet />
      <RemoveSheet />
      {exportsStory && (
        <Suspense>
          <ExportSheet />
        </Suspense>
      )}
    </>
  )
}
