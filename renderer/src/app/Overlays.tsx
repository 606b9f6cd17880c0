import { lazy, Suspense } from 'react'
import { useAppState } from '../state/app'
import { AboutSheet } from './AboutSheet'
import { AskSheet } from './AskSheet'
import { HelpSheet } from './HelpSheet'
import { Palette } from './Palette'
import { RemoveSheet } from './RemoveSheet'
import { SettingsSheet } from './SettingsSheet'

// Few tell stories, and fewer make one or take one along.
const AddToStorySheet = lazy(() => import('../stories/AddToStorySheet'))
const ExportSheet = lazy(() => import('../stories/export/ExportSheet'))

/** Sheets and palette; a script of its own, because the front page can be used before. */
export default function Overlays() {
  const overlay = useAppState(({ overlay }) => overlay)
  return (
    <>
      <Palette />
      <SettingsSheet />
      <HelpSheet />
      <AboutSheet />
      <AskSheet />
      <RemoveSheet />
      {overlay === 'add-to-story' && (
        <Suspense>
          <AddToStorySheet />
        </Suspense>
      )}
      {overlay === 'export-story' && (
        <Suspense>
          <ExportSheet />
        </Suspense>
      )}
    </>
  )
}
