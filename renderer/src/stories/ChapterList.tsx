import { insertChapter, moveChapter, removeChapter } from '@core/stories/edit'
import type { Story } from '@core/stories/story'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useApp } from '../state/app'
import { Button } from '../ui/Button'
import styles from './Editor.module.css'
import { blankChapter, changeStory } from './own-actions'

/** The chapters in their order, which is changed by dragging, or with Alt and the arrow keys. */
export function ChapterList({ story, at }: { story: Story; at: number }) {
  const app = useApp()
  const list = useRef<HTMLOListElement>(null)
  const [dragged, setDragged] = useState<number>()
  const [over, setOver] = useState<number>()
  const { id, chapters } = story
  const show = (chapter: number) => app.choose({ story: { ...app.store.getState().choices.story, chapter } })
  const change = (edit: (before: Story) => Story, chapter: number) => {
    changeStory(app, id, edit)
    show(Math.max(0, chapter))
  }
  const move = (from: number, to: number) => {
    if (to >= 0 && to < chapters.length) change((before) => moveChapter(before, from, to), to)
  }
  const onKey = (event: KeyboardEvent, i: number) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (event.key === 'Delete' && chapters.length > 1) {
      change((before) => removeChapter(before, i), Math.min(i, chapters.length - 2))
    } else if (step !== 0) {
      if (event.altKey) move(i, i + step)
      else show(Math.min(chapters.length - 1, Math.max(0, i + step)))
    } else return
    event.preventDefault()
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-current]')?.focus())
  }
  return (
    <nav className={styles.chapters} aria-label="Chapters">
      <ol ref={list}>
        {chapters.map(({ headline, record, minutes }, i) => (
          <li
            // oxlint-disable-next-line react/no-array-index-key -- chapters are known by their place
            key={i}
          >
            <button
              type="button"
              data-over={
                over === i && dragged !== i ? (dragged !== undefined && dragged < i ? 'after' : 'before') : undefined
              }
              draggable
              onDragStart={({ dataTransfer }) => {
                dataTransfer.effectAllowed = 'move'
                setDragged(i)
              }}
              onDragEnd={() => {
                setDragged(undefined)
                setOver(undefined)
              }}
              onDragOver={(event) => {
                if (dragged === undefined) return
                event.preventDefault()
                setOver(i)
              }}
              onDrop={(event) => {
                if (dragged === undefined) return
                event.preventDefault()
                move(dragged, i)
              }}
              aria-current={i === at ? 'step' : undefined}
              aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete"
              title="Alt+↑ and Alt+↓ move it, Delete removes it"
              onClick={() => show(i)}
              onKeyDown={(event) => onKey(event, i)}
            >
              <small>
                {i + 1} · {record?.kind ?? 'text'} · {minutes} min
              </small>
              <b>{headline}</b>
            </button>
          </li>
        ))}
      </ol>
      <div className={styles.tools}>
        <Button aria-label="Move up" title="Move up (Alt+↑)" disabled={at === 0} onClick={() => move(at, at - 1)}>
          ↑
        </Button>
        <Button
          aria-label="Move down"
          title="Move down (Alt+↓)"
          disabled={at === chapters.length - 1}
          onClick={() => move(at, at + 1)}
        >
          ↓
        </Button>
        <Button onClick={() => change((before) => insertChapter(before, at + 1, blankChapter), at + 1)}>
          Add text
        </Button>
        <Button
          disabled={chapters.length === 1}
          title="Remove this chapter (Delete)"
          onClick={() => change((before) => removeChapter(before, at), Math.min(at, chapters.length - 2))}
        >
          Remove
        </Button>
      </div>
      <p className={styles.note}>Views are added from where they are: the key K, or the button in the header.</p>
    </nav>
  )
}
