import { useEffect } from 'react'
import { useApp, useAppState } from '../state/app'
import { EditorView } from './EditorView'
import { SpeakerView } from './SpeakerView'
import { StageView } from './StageView'
import { StoryList } from './StoryList'
import { loadStory } from './tell'

/** Talks: their list, the one that is told, or in a second window the speaker's side of it. */
export function StoriesView() {
  const app = useApp()
  const edit = useAppState(({ choices }) => choices.story.edit)
  const id = useAppState(({ choices }) => choices.story.id)
  const speaker = useAppState((state) => state.speaker && state.following === true)
  useEffect(() => void loadStory(app, id), [app, id])
  if (id === '') return <StoryList />
  if (edit) return <EditorView />
  return speaker ? <SpeakerView /> : <StageView />
}
