import { useAppState } from '../state/app'
import chip from '../ui/Chip.module.css'
import { CommandButton } from '../ui/CommandButton'

/** Of a second window: says that it follows the first one, or lets it follow again. */
export function FollowChip() {
  const following = useAppState((state) => state.following)
  if (following === undefined) return null
  return (
    <span data-guide>
      {following ? (
        <span className={chip.chip} title="Whatever you do here makes this window independent.">
          follows the first window
        </span>
      ) : (
        <CommandButton id="follow">Follow the first window</CommandButton>
      )}
    </span>
  )
}

/** While a view of a story is live: the way back to its chapter; while the story is edited, its chapter recorded again. */
export function StoryChip() {
  const waits = useAppState(({ choices }) => choices.view !== 'stories' && choices.story.id !== '')
  const edit = useAppState(({ choices }) => choices.story.edit)
  if (!waits) return null
  return (
    <span data-guide>
      {edit && <CommandButton id="record-chapter" look="primary" />}
      <CommandButton id="back-to-story" />
    </span>
  )
}
