import { lazy, Suspense } from 'react'
import { useAppState } from '../state/app'
import { AboutSheet } from './AboutSheet'
import { AskSheet } from './AskSheet'
import { HelpSheet } from './HelpSheet'
import { Palette } from './Palette'
import { RemoveSheet } from './RemoveSheet'
import { SettingsSheet } from './SettingsSheet'

const AddToStorySheet = lazy(() => import('../stories/AddToStorySheet'))

/** Sheets and palette; a script of its own, because the front page can be used before. */
export default function Overlays() {
  const isAdding = useAppState(({ overlay }) => overlay === 'add-to-story')
  return (
    <>
      <Palette />
      <SettingsSheet />
      <HelpSheet />
      <AboutSheet />
      <AskSheet />
      <RemoveSheet />
      {isAdding && (
        <Suspense>
          <AddToStorySheet />
        </Suspense>
      )}
    </>
  )
}
