import type { Chapter } from '@core/stories/story'
import { useEffect, useLayoutEffect } from 'react'
import { useMedia } from '../charts/use-size'
import { type App, useApp, useAppState } from '../state/app'
import { Overview } from './Overview'
import { RecordPicture } from './RecordPicture'
import styles from './Stage.module.css'
import { chapterOf, keyChannel, passTime, pressKey } from './tell'

/** A chapter of the story on the whole window: one headline, one picture, a few lines. */
export function StageView() {
  const app = useApp()
  const told = useAppState((state) => state.told)
  const failure = useAppState((state) => state.storyFailure)
  const choice = useAppState(({ choices }) => choices.story)
  const stage = useAppState((state) => state.stage)
  useStageSize()
  useKeys(app)
  if (failure !== undefined) return <Absent app={app} reason={failure} />
  if (!told || told.id !== choice.id) return <main className={styles.stage} aria-busy="true" />
  const { story } = told
  const number = chapterOf(story, choice)
  const chapter = story.chapters[number]
  if (!chapter) return null
  if (stage.shows === 'overview') return <Overview read={told} chapter={number} />
  return (
    <main className={styles.stage} data-black={stage.black || undefined} aria-label={story.title}>
      <h1 className={styles.headline}>{chapter.headline}</h1>
      <ChapterBody key={`${told.id} ${number}`} app={app} chapter={chapter} />
      <footer className={styles.foot}>
        <p className={styles.source}>{chapter.record && sourceText(chapter.record)}</p>
        <p className={styles.number}>
          {stage.shows === 'number' ? `Go to ${stage.typed || '…'} of ` : `${number + 1} / `}
          {story.chapters.length}
        </p>
        <Buttons app={app} chapter={chapter} />
      </footer>
      <progress className={styles.progress} value={number + 1} max={story.chapters.length} aria-label="Chapters told" />
      {stage.black && <section className={styles.black} aria-label="Black" />}
    </main>
  )
}

function ChapterBody({ app, chapter: { record, text, pointer } }: { app: App; chapter: Chapter }) {
  const still = useAppState(({ settings }) => settings.motion === 'reduce')
  const reduced = useMedia('(prefers-reduced-motion: reduce)') || still
  const { moment, runs } = useAppState((state) => state.stage)
  const following = useAppState((state) => state.following)
  const seconds = record?.seconds ?? 0
  useCourse(app, seconds, runs && !reduced && following !== true)
  const shown = runs && (reduced || seconds === 0) ? 1 : moment
  return (
    <div className={styles.body} data-alone={record ? undefined : 'text'}>
      {record && (
        <figure className={styles.picture}>
          <RecordPicture record={record} moment={shown} pointer={pointer} />
          {seconds > 0 && (
            <input
              type="range"
              className={styles.moment}
              aria-label="Moment"
              min={0}
              max={1}
              step={0.01}
              value={shown}
              onChange={({ target }) => passTime(app, { moment: Number(target.value) })}
              onPointerUp={({ currentTarget }) => currentTarget.blur()}
            />
          )}
        </figure>
      )}
      <div className={styles.text}>
        {text.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </div>
  )
}

/** Lets the course of a record pass while it runs. */
function useCourse(app: App, seconds: number, runs: boolean): void {
  useEffect(() => {
    if (!runs || seconds === 0) return
    let before = performance.now()
    const frame = (now: number) => {
      passTime(app, { part: (now - before) / 1000 / seconds })
      before = now
      handle = requestAnimationFrame(frame)
    }
    let handle = requestAnimationFrame(frame)
    return () => cancelAnimationFrame(handle)
  }, [app, seconds, runs])
}

/** Takes every key but chords and those that a control needs, here and from the speaker's window. */
function useKeys(app: App): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isForStage(event)) {
        event.preventDefault()
        pressKey(app, event.key)
      }
    }
    const channel = new BroadcastChannel(keyChannel)
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string' && !app.store.getState().following) pressKey(app, data)
    }
    window.addEventListener('keydown', onKey, true)
    return () => {
      window.removeEventListener('keydown', onKey, true)
      channel.close()
    }
  }, [app])
}

/** True of a key that nothing on the page needs for itself. */
export function isForStage({ key, target, ctrlKey, metaKey, altKey, isComposing }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || isComposing || key === 'Tab' || key === 'Shift' || /^F\d+$/.test(key))
    return false
  if (!(target instanceof Element)) return true
  if (target.closest('[role="dialog"], [role="menu"], input, textarea')) return false
  return !((key === ' ' || key === 'Enter') && target.closest('button'))
}

/** Text and pictures grow with the window, until the page is left. */
export function useStageSize(): void {
  useLayoutEffect(() => {
    const { dataset } = document.documentElement
    dataset.stage = ''
    return () => {
      delete dataset.stage
    }
  }, [])
}

function Buttons({ app, chapter }: { app: App; chapter: Chapter }) {
  const buttons = [
    ['←', 'Chapter before', 'ArrowLeft'],
    ['→', 'Next chapter', 'ArrowRight'],
    ['Overview', 'Overview (O)', 'o'],
    ...(chapter.choices ? [['Live', 'Live (L)', 'l'] as const] : []),
    ['Speaker', 'Speaker window (S)', 's'],
    ['Leave', 'Leave the story (Esc)', 'Escape']
  ] as const
  return (
    <nav className={styles.buttons} aria-label="Story">
      {buttons.map(([sign, label, key]) => (
        <button
          key={key}
          type="button"
          aria-label={label}
          title={label}
          // The focus stays where it was: Space is the next chapter.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => pressKey(app, key)}
        >
          {sign}
        </button>
      ))}
    </nav>
  )
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

function Absent({ app, reason }: { app: App; reason: string }) {
  return (
    <main className={styles.stage}>
      <h1 className={styles.headline}>This story is not here</h1>
      <div className={styles.body} data-alone="text">
        <div className={styles.text}>
          <p>{reason}</p>
          <p>
            <button type="button" className={styles.plain} onClick={() => pressKey(app, 'Escape')}>
              All stories
            </button>
          </p>
        </div>
      </div>
    </main>
  )
}
