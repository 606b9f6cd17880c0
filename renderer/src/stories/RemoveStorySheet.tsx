import type { Story } from '@core/stories/story'
import { useApp } from '../state/app'
import { Button } from '../ui/Button'
import { Sheet } from '../ui/Sheet'
import { removeStory } from './own-actions'
import { leave } from './tell'

/** Asks before a story of the user's is removed. */
export function RemoveStorySheet({ story, onClose }: { story: Story | undefined; onClose: () => void }) {
  const app = useApp()
  const remove = () => {
    onClose()
    if (!story) return
    if (app.store.getState().choices.story.id === story.id) leave(app)
    removeStory(app, story.id)
  }
  return (
    <Sheet
      title={`Remove “${story?.title ?? ''}”?`}
      open={story !== undefined}
      onClose={onClose}
      closeLabel="Keep"
      width={32}
      foot={<Button onClick={remove}>Remove</Button>}
    >
      <p>
        The story goes with all that it has recorded. Undo brings it back until this window closes; a saved file keeps
        it for good.
      </p>
    </Sheet>
  )
}
