import { useEffect, useMemo } from 'react'
import { useApp, useAppState } from '../state/app'
import { CommandButton } from '../ui/CommandButton'
import { DisplayCheck } from './DisplayCheck'
import { EditorView } from './EditorView'
import { SpeakerView } from './SpeakerView'
import { StageView } from './StageView'
import { StoryList } from './StoryList'
import { appTeller, keyChannel, loadStory } from './tell'
import { pressKey, type Teller, TellerProvider } from './teller'

/** Talks: their list, the one that is told, or in a second window the speaker's side of it. */
export function StoriesView() {
  const app = useApp()
  const edit = useAppState(({ choices }) => choices.story.edit)
  const id = useAppState(({ choices }) => choices.story.id)
  const speaker = useAppState((state) => state.speaker && state.following === true)
  const teller = useMemo(() => appTeller(app), [app])
  useEffect(() => void loadStory(app, id), [app, id])
  if (id === '') return <StoryList />
  if (edit) return <EditorView />
  return <TellerProvider value={teller}>{speaker ? <Speaker /> : <Stage teller={teller} />}</TellerProvider>
}

/** The stage, which the speaker's window moves, too. */
function Stage({ teller }: { teller: Teller }) {
  useEffect(() => {
    const channel = new BroadcastChannel(keyChannel)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string' && !teller.store.getState().following) pressKey(teller, data)
    }
    return () => channel.close()
  }, [teller])
  const story = useAppState(({ told }) => told?.story)
  return (
    <StageView
      actions={
        <>
          <CommandButton id="export-story" />
          {story && <DisplayCheck story={story} />}
        </>
      }
    />
  )
}

function Speaker() {
  const send = useMemo(() => {
    return (key: string) => {
      const channel = new BroadcastChannel(keyChannel)
      channel.postMessage(key)
      channel.close()
    }
  }, [])
  return <SpeakerView send={send} />
}
