import type { Story } from '@core/stories/story'
import { useState } from 'react'
import { useWidth } from '../charts/use-size'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import { useTextScale } from '../ui/use-appearance'
import { beginStory } from './begin'
import { ChapterFields, oneLine } from './ChapterFields'
import { ChapterList } from './ChapterList'
import { ChapterPage } from './ChapterPage'
import { DraftText } from './DraftText'
import styles from './Editor.module.css'
import { changeStory, duplicateStory, saveStory, unnamed } from './own-actions'
import { Rehearsal } from './Rehearsal'
import { RemoveStorySheet } from './RemoveStorySheet'
import stage from './Stage.module.css'
import { leave } from './tell'
import { chapterOf } from './teller'

/** A story of the user's: its chapters, the fields of one of them, and the stage as it will show it. */
export function EditorView() {
  const app = useApp()
  const choice = useAppState(({ choices }) => choices.story)
  const own = useAppState(({ ownStories }) => ownStories?.find(({ story }) => story.id === choice.id))
  const failure = useAppState((state) => state.storyFailure)
  if (!own) {
    return (
      <main className={styles.view} aria-busy={failure === undefined}>
        {failure !== undefined && (
          <>
            <h1 className={styles.absent}>This story is not here</h1>
            <p>{failure}</p>
            <Button onClick={() => leave(app)}>All stories</Button>
          </>
        )}
      </main>
    )
  }
  const { story } = own
  const at = chapterOf(story, choice)
  return (
    <main className={styles.view}>
      <h1 className={styles.hidden}>Edit “{story.title}”</h1>
      <Head story={story} at={at} remarks={own.remarks} />
      <div className={styles.columns}>
        <ChapterList story={story} at={at} />
        <ChapterFields key={`${story.id} ${at}`} story={story} at={at} />
        <Preview story={story} at={at} />
      </div>
      <Rehearsal read={own} />
    </main>
  )
}

function Head({ story, at, remarks }: { story: Story; at: number; remarks: readonly string[] }) {
  const app = useApp()
  const [removing, setRemoving] = useState(false)
  const { id, title, answer } = story
  const change = (field: 'title' | 'answer') => (value: string) =>
    changeStory(app, id, (before) => ({ ...before, [field]: value }), field)
  return (
    <header className={styles.head}>
      <DraftText
        key={id}
        label="Title"
        className={styles.title}
        rows={1}
        placeholder={unnamed}
        value={title}
        taken={(typed) => oneLine(typed) || unnamed}
        onChange={change('title')}
      />
      <DraftText
        key={`${id} answer`}
        label="Answer in a sentence"
        className={styles.answer}
        rows={1}
        value={answer}
        taken={oneLine}
        onChange={change('answer')}
      />
      <div className={styles.actions}>
        <Button look="primary" onClick={() => beginStory(app, id, { chapter: at, fromEditor: true })}>
          Tell from here
        </Button>
        <Button onClick={() => attempt(app, () => saveStory(app, story))}>Save …</Button>
        <Button onClick={() => attempt(app, () => duplicateStory(app, { story, remarks }))}>Duplicate</Button>
        <Button onClick={() => setRemoving(true)}>Remove …</Button>
        <Button onClick={() => leave(app)}>All stories</Button>
      </div>
      <RemoveStorySheet story={removing ? story : undefined} onClose={() => setRemoving(false)} />
    </header>
  )
}

/** The chapter on a small stage, whose proportions are those of 16:9. */
function Preview({ story, at }: { story: Story; at: number }) {
  const [box, width] = useWidth()
  const scale = width / (stageWidth * usualText * useTextScale())
  return (
    <section className={styles.preview} aria-label="As the stage shows it">
      <div ref={box} className={styles.frame} inert>
        {width > 0 && (
          <div
            className={`${stage.stage} ${styles.stage}`}
            style={{ width: `${stageWidth}rem`, height: `${stageHeight}rem`, transform: `scale(${scale})` }}
          >
            <ChapterPage key={at} story={story} number={at} moment={1} />
          </div>
        )}
      </div>
    </section>
  )
}

/** Size of the stage in its own lines, and CSS pixels of a line of the page on a small screen. */
const [stageWidth, stageHeight, usualText] = [64, 36, 14]
