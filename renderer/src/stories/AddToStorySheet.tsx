import { longest } from '@core/stories/check'
import { insertChapter } from '@core/stories/edit'
import { useEffect, useRef, useState } from 'react'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import { Choice } from '../ui/Choice'
import field from '../ui/Field.module.css'
import { Sheet } from '../ui/Sheet'
import styles from './AddToStory.module.css'
import { oneLine } from './ChapterFields'
import { addStory, blankChapter, changeStory, editStory, storyOf, unnamed } from './own-actions'
import { openOwnStories } from './own-stories'
import { recordWords, takeView } from './take/take'

/** Asks into which story the view goes, and under which headline. */
export default function AddToStorySheet() {
  const app = useApp()
  const own = useAppState((state) => state.ownStories)
  useEffect(() => attempt(app, () => openOwnStories(app)), [app])
  return own ? <Asked /> : null
}

function Asked() {
  const app = useApp()
  const own = useAppState(({ ownStories }) => ownStories ?? [])
  const open = useAppState(({ choices }) => choices.story.id)
  // As the view is now: what goes on beneath the sheet is not asked about.
  const [taken] = useState(() => takeView(app))
  const [story, setStory] = useState((own.find((each) => each.story.id === open) ?? own.at(-1))?.story.id ?? '')
  const [title, setTitle] = useState('')
  const [headline, setHeadline] = useState(() => shortened(document.querySelector('main h1')?.textContent ?? ''))
  const headlineField = useRef<HTMLInputElement>(null)
  const close = () => app.store.setState({ overlay: undefined })
  const add = (edits: boolean) => {
    const chapter = { ...blankChapter, ...taken, headline: oneLine(headline) || unnamed }
    const known = own.find((each) => each.story.id === story)?.story
    const id = known?.id ?? addStory(app, { story: storyOf(oneLine(title) || unnamed, [chapter]), remarks: [] })
    // After the chapter that is open in the editor, else at the end.
    const at = known ? (known.id === open ? app.store.getState().choices.story.chapter + 1 : known.chapters.length) : 0
    const place = Math.min(at, known?.chapters.length ?? 0)
    if (known) changeStory(app, id, (before) => insertChapter(before, place, chapter))
    close()
    if (edits) editStory(app, id, place)
    else
      app.notify(`It is chapter ${place + 1} of “${known?.title ?? (oneLine(title) || unnamed)}”. Undo takes it out.`)
  }
  return (
    <Sheet
      title="Add this view to a story"
      open
      onClose={close}
      closeLabel="Cancel"
      width={34}
      focused={headlineField}
      foot={
        <>
          <Button look="primary" onClick={() => add(false)}>
            Add
          </Button>
          <Button onClick={() => add(true)}>Add and edit</Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          add(false)
        }}
      >
        <span>Story</span>
        <Choice
          label="Story"
          value={story}
          options={[
            ...own.map((each) => ({ value: each.story.id, label: each.story.title })),
            { value: '', label: 'a new story' }
          ]}
          onChange={setStory}
        />
        {story === '' && (
          <label>
            Its title
            <input
              className={field.field}
              value={title}
              placeholder={unnamed}
              onChange={({ target }) => setTitle(target.value)}
            />
          </label>
        )}
        <label>
          Headline, {headline.length} of {longest.headline} letters
          <input
            ref={headlineField}
            className={field.field}
            value={headline}
            onChange={({ target }) => setHeadline(target.value)}
          />
        </label>
        <input type="submit" hidden />
      </form>
      <p className={styles.note}>
        {taken.record
          ? `The chapter keeps a record of ${recordWords(taken.record)}: it is told without computing, and looks the same at every showing.`
          : 'This view shows nothing yet that can be recorded. The chapter has its choices, to be shown live; record it again once there is something to see.'}
      </p>
    </Sheet>
  )
}

/** A question that is too long for the stage, without what follows its first comma or colon. */
function shortened(question: string): string {
  const [first = ''] = question.split(/[,:]/)
  return question.length <= longest.headline || first === question ? question : `${first}?`
}
