/** A page that is one story: the stage of the app with nothing around it, or in a second window the speaker's side. */
import { messageOf } from '@core/reason'
import { readStory } from '@core/stories/story'
import { createRoot } from 'react-dom/client'
import './app/theme.css'
import { StoryPage } from './player/StoryPage'
import { createTeller } from './player/teller'

const root = document.getElementById('root')
const data = document.getElementById('story')
if (!root || !data) throw new Error('the page has no element with the id root or story')
const speaker = location.hash === '#speaker' && window.opener !== null
const teller = createTeller(read(data.textContent), speaker, Number(location.hash.slice(1)) || 1)
createRoot(root).render(<StoryPage teller={teller} speaker={speaker} />)

function read(text: string): Parameters<typeof createTeller>[0] {
  try {
    return { told: { ...readStory(text, 'the story of this page'), id: '' } }
  } catch (error) {
    return { storyFailure: messageOf(error) }
  }
}
