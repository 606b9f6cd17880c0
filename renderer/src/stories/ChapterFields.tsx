import { longest } from '@core/stories/check'
import { type ChapterChanges, changeChapter } from '@core/stories/edit'
import { pointable, type StoryRecord } from '@core/stories/records'
import type { Chapter, Story } from '@core/stories/story'
import { useApp } from '../state/app'
import { Button } from '../ui/Button'
import { Choice } from '../ui/Choice'
import { NumberInput } from '../ui/NumberInput'
import { DraftText } from './DraftText'
import styles from './Editor.module.css'
import { changeStory, unnamed } from './own-actions'
import { goLive } from './tell'

/** All that can be changed of a chapter. */
export function ChapterFields({ story, at }: { story: Story; at: number }) {
  const app = useApp()
  const chapter = story.chapters[at]
  if (!chapter) return null
  const change = (changes: ChapterChanges, gradual?: string) =>
    changeStory(app, story.id, (before) => changeChapter(before, at, changes), gradual && `${at} ${gradual}`)
  const { headline, text, notes, minutes } = chapter
  const letters = text.join(' ').length
  return (
    <section className={styles.fields} aria-label={`Chapter ${at + 1}`}>
      <DraftText
        label={`Headline, ${headline.length} of ${longest.headline} letters`}
        rows={2}
        placeholder={unnamed}
        value={headline}
        taken={(typed) => oneLine(typed) || unnamed}
        onChange={(value) => change({ headline: value }, 'headline')}
      />
      <DraftText
        label={`Lines, ${letters} of ${longest.text} letters`}
        rows={5}
        placeholder="A short line for each thought"
        value={text.join('\n')}
        taken={(typed) => linesOf(typed).join('\n')}
        onChange={(value) => change({ text: linesOf(value) }, 'text')}
      />
      <DraftText
        label="Speaker notes"
        rows={5}
        placeholder="What is said, for the speaker alone"
        value={notes}
        onChange={(value) => change({ notes: value }, 'notes')}
      />
      <div className={styles.row}>
        <NumberInput
          label="Minutes"
          value={minutes}
          min={0.1}
          max={60}
          fraction
          onChange={(value) => change({ minutes: value })}
        />
        <Pointer chapter={chapter} onChange={(pointer) => change({ pointer })} />
      </div>
      <Recorded chapter={chapter} onLive={() => chapter.choices && goLive(app, chapter.choices)} />
    </section>
  )
}

function Pointer({ chapter, onChange }: { chapter: Chapter; onChange: (pointer: string | undefined) => void }) {
  const { record, pointer } = chapter
  if (!record) return null
  const names = pointable(record)
  if (names.length === 0) return null
  return (
    <span className={styles.pointer}>
      Stressed{' '}
      <Choice
        label="Stressed"
        value={pointer ?? ''}
        options={[
          { value: '', label: 'nothing' },
          ...names.map((name) => ({ value: name, label: nameOf(record, name) }))
        ]}
        onChange={(chosen) => onChange(chosen === '' ? undefined : chosen)}
      />
    </span>
  )
}

function Recorded({ chapter: { record, choices }, onLive }: { chapter: Chapter; onLive: () => void }) {
  return (
    <div className={styles.recorded}>
      <p>{record ? record.source : 'A chapter of text: it has no record.'}</p>
      {choices && (
        <Button onClick={onLive} title="Shows the view with the choices of this chapter">
          Record again …
        </Button>
      )}
    </div>
  )
}

/** A part of a record as its picture names it. */
function nameOf(record: StoryRecord, id: string): string {
  switch (record.kind) {
    case 'bars':
    case 'meters':
      return record.rows.find((row) => row.id === id)?.label || id
    case 'lines':
      return record.series.find((series) => series.id === id)?.label || id
    case 'loads':
      return `layer ${id.replace(':', ', expert ')}`
    default:
      return id
  }
}

/** A text as one line. */
export function oneLine(typed: string): string {
  return typed.replaceAll(/\s*\n\s*/g, ' ').trim()
}

function linesOf(typed: string): string[] {
  return typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
