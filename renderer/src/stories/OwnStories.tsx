import type { ReadStory, Story } from '@core/stories/story'
import { useEffect, useState } from 'react'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import { beginStory } from './begin'
import { duplicateStory, editStory, newStory, saveStory } from './own-actions'
import { openOwnStories } from './own-stories'
import { RemoveStorySheet } from './RemoveStorySheet'
import { focusAfterTalk } from './StoryCards'
import styles from './StoryList.module.css'

/** The user's own stories, and what can be done with each. */
export function OwnStories() {
  const app = useApp()
  const own = useAppState((state) => state.ownStories)
  const [removing, setRemoving] = useState<Story>()
  useEffect(() => attempt(app, () => openOwnStories(app)), [app])
  return (
    <section className={styles.own} aria-labelledby="own-stories">
      <h2 id="own-stories">Your stories</h2>
      {own?.length === 0 && (
        <p className={styles.note}>
          None yet. Add any view to one with the key K, begin one with a chapter of text, or edit a copy of one above.
        </p>
      )}
      <ul>
        {own
          ?.toSorted((a, b) => a.story.title.localeCompare(b.story.title))
          .map((read) => (
            <OwnStory key={read.story.id} read={read} onRemove={setRemoving} />
          ))}
      </ul>
      <Button onClick={() => attempt(app, () => newStory(app))}>New story</Button>
      <RemoveStorySheet story={removing} onClose={() => setRemoving(undefined)} />
    </section>
  )
}

function OwnStory({ read, onRemove }: { read: ReadStory; onRemove: (story: Story) => void }) {
  const app = useApp()
  const isLast = useAppState(({ told }) => told?.id === read.story.id)
  const { story, remarks } = read
  const minutes = story.chapters.reduce((sum, chapter) => sum + chapter.minutes, 0)
  const count = story.chapters.length
  return (
    <li>
      <p>
        <b>{story.title}</b>{' '}
        <small>
          {count} {count === 1 ? 'chapter' : 'chapters'}, {Math.round(10 * minutes) / 10} min
        </small>
        {story.answer !== '' && <span>{story.answer}</span>}
        {remarks.map((remark) => (
          <span key={remark} data-remark="">
            {remark}
          </span>
        ))}
      </p>
      <div>
        <Button
          look="primary"
          aria-label={`Tell “${story.title}”`}
          ref={isLast ? focusAfterTalk : undefined}
          onClick={() => beginStory(app, story.id)}
        >
          Tell
        </Button>
        <Button aria-label={`Edit “${story.title}”`} onClick={() => editStory(app, story.id)}>
          Edit
        </Button>
        <Button aria-label={`Duplicate “${story.title}”`} onClick={() => attempt(app, () => duplicateStory(app, read))}>
          Duplicate
        </Button>
        <Button aria-label={`Save “${story.title}”`} onClick={() => attempt(app, () => saveStory(app, story))}>
          Save …
        </Button>
        <Button aria-label={`Remove “${story.title}”`} onClick={() => onRemove(story)}>
          Remove …
        </Button>
      </div>
    </li>
  )
}
