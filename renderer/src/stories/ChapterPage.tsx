import type { Chapter, Story } from '@core/stories/story'
import { type ReactNode, useState } from 'react'
import { RecordPicture } from './RecordPicture'
import styles from './Stage.module.css'

export interface ChapterPageProps {
  readonly story: Story
  /** From 0. */
  readonly number: number
  /** Of the course of its record, 0 to 1. */
  readonly moment: number
  /** In place of its number. */
  readonly asked?: string | undefined
  /** Moves the moment of a record that has a course; its place is kept where there is none. */
  readonly slider?: ReactNode
  readonly buttons?: ReactNode
}

/** A chapter at a moment: one headline, one picture, a few lines. */
export function ChapterPage({ story, number, moment, asked, slider, buttons }: ChapterPageProps) {
  const { chapters } = story
  const chapter = chapters[number]
  const side = useSide(number)
  if (!chapter) return null
  const { headline, record, text, pointer } = chapter
  return (
    <>
      <h1 className={styles.headline}>{headline}</h1>
      <div
        key={number}
        className={styles.body}
        data-side={side}
        data-alone={record ? (text.length > 0 ? undefined : 'picture') : 'text'}
      >
        {record && (
          <figure className={styles.picture}>
            <RecordPicture record={record} moment={moment} pointer={pointer} />
            {record.seconds > 0 && (slider ?? <div className={styles.moment} />)}
          </figure>
        )}
        <div className={styles.text}>
          {text.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      </div>
      <footer className={styles.foot}>
        <p className={styles.source}>{record && sourceText(record)}</p>
        <p className={styles.number}>
          {asked === undefined ? `${number + 1} / ` : `Go to ${asked || '…'} of `}
          {chapters.length}
        </p>
        {buttons}
      </footer>
      <progress className={styles.progress} value={number + 1} max={chapters.length} aria-label="Chapters told" />
    </>
  )
}

/** The side from which a chapter comes; undefined of the first that is shown. */
function useSide(number: number): 'left' | 'right' | undefined {
  const [shown, setShown] = useState<{ number: number; side?: 'left' | 'right' }>({ number })
  if (shown.number === number) return shown.side
  const side = number > shown.number ? 'right' : 'left'
  setShown({ number, side })
  return side
}

function sourceText({ basis, source }: NonNullable<Chapter['record']>): string {
  return `${bases[basis]}: ${source}`
}

const bases = {
  measured: 'Measured and recorded',
  shipped: 'Shipped',
  published: 'Published',
  predicted: 'Predicted'
} as const
