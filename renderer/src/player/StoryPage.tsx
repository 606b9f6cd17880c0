import { useEffect, useLayoutEffect } from 'react'
import { useStore } from 'zustand'
import { SpeakerView } from '../stories/SpeakerView'
import { StageView } from '../stories/StageView'
import { TellerProvider } from '../stories/teller'
import type { PagePlayer } from './teller'
import { follow, lead, sendKey } from './windows'

/** The story of the page, or its speaker's side. */
export function StoryPage({ teller, speaker }: { teller: PagePlayer; speaker: boolean }) {
  const theme = useStore(teller.store, (state) => state.theme)
  const chapter = useStore(teller.store, ({ choices }) => choices.story.chapter)
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  useEffect(() => (speaker ? follow(teller) : lead(teller)), [teller, speaker])
  // Loaded anew, the page goes on where it was.
  useEffect(() => {
    if (!speaker) history.replaceState(null, '', `#${chapter + 1}`)
  }, [chapter, speaker])
  return <TellerProvider value={teller}>{speaker ? <SpeakerView send={sendKey} /> : <StageView />}</TellerProvider>
}
