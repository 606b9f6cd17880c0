import type { Chapter } from '@core/stories/story'
import { type ReactNode, useEffect, useLayoutEffect } from 'react'
import { useMedia } from '../charts/use-size'
import { ChapterPage } from './ChapterPage'
import { Overview } from './Overview'
import type { Wish } from './player'
import styles from './Stage.module.css'
import { chapterOf, passTime, pressKey, type Teller, useTeller, useTold } from './teller'

/**
 * A chapter of the story on the whole window.
 *
 * @param actions what else can be done with the story, among all its chapters
 */
export function StageView({ actions }: { actions?: ReactNode }) {
  const teller = useTeller()
  const told = useTold((state) => state.told)
  const failure = useTold((state) => state.storyFailure)
  const choice = useTold(({ choices }) => choices.story)
  const stage = useTold((state) => state.stage)
  useStageSize()
  useKeys(teller)
  const number = told ? chapterOf(told.story, choice) : 0
  const chapter = told?.story.chapters[number]
  const shown = useMoment(teller, chapter?.record?.seconds ?? 0)
  if (failure !== undefined) return <Absent teller={teller} reason={failure} />
  if (!told || told.id !== choice.id) return <main className={styles.stage} aria-busy="true" />
  const { story } = told
  if (!chapter) return null
  if (stage.shows === 'overview') return <Overview read={told} chapter={number} actions={actions} />
  return (
    <main className={styles.stage} data-black={stage.black || undefined} aria-label={story.title}>
      <ChapterPage
        story={story}
        number={number}
        moment={shown}
        asked={stage.shows === 'number' ? stage.typed : undefined}
        slider={<Slider teller={teller} moment={shown} />}
        buttons={<Buttons teller={teller} chapter={chapter} />}
      />
      {stage.black && <section className={styles.black} aria-label="Black" />}
    </main>
  )
}

/** The moment of the record that is shown, which goes on while it runs. */
function useMoment(teller: Teller, seconds: number): number {
  const still = useTold(({ settings }) => settings.motion === 'reduce')
  const reduced = useMedia('(prefers-reduced-motion: reduce)') || still
  const { moment, runs, shows } = useTold((state) => state.stage)
  const following = useTold((state) => state.following)
  useCourse(teller, seconds, runs && shows !== 'overview' && !reduced && following !== true)
  return runs && (reduced || seconds === 0) ? 1 : moment
}

function Slider({ teller, moment }: { teller: Teller; moment: number }) {
  return (
    <input
      type="range"
      className={styles.moment}
      aria-label="Moment"
      min={0}
      max={1}
      step={0.01}
      value={moment}
      onChange={({ target }) => passTime(teller, { moment: Number(target.value) })}
      onPointerUp={({ currentTarget }) => currentTarget.blur()}
    />
  )
}

/** Lets the course of a record pass while it runs. */
function useCourse(teller: Teller, seconds: number, runs: boolean): void {
  useEffect(() => {
    if (!runs || seconds === 0) return
    // The first frame shows the chapter as it begins: nothing is drawn twice before it is seen.
    let before: number | undefined
    const frame = (now: number) => {
      if (before !== undefined) passTime(teller, { part: (now - before) / 1000 / seconds })
      before = now
      handle = requestAnimationFrame(frame)
    }
    let handle = requestAnimationFrame(frame)
    return () => cancelAnimationFrame(handle)
  }, [teller, seconds, runs])
}

/** Takes every key but chords and those that a control needs. */
function useKeys(teller: Teller): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isForStage(event)) {
        event.preventDefault()
        pressKey(teller, event.key)
      }
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [teller])
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

function Buttons({ teller, chapter }: { teller: Teller; chapter: Chapter }) {
  const buttons: readonly (readonly [sign: string, label: string, key: string, wish?: Wish])[] = [
    ['←', 'Chapter before', 'ArrowLeft'],
    ['→', 'Next chapter', 'ArrowRight'],
    ['Overview', 'Overview (O)', 'o'],
    ...(chapter.choices ? [['Live', 'Live (L)', 'l', 'live'] as const] : []),
    ['Speaker', 'Speaker window (S)', 's', 'speaker'],
    ['Leave', 'Leave the story (Esc)', 'Escape', 'leave']
  ]
  return (
    <nav className={styles.buttons} aria-label="Story">
      {buttons.map(([sign, label, key, wish]) => (
        <button
          key={key}
          type="button"
          // Its place stays: the stage looks the same wherever it is shown.
          data-absent={(wish && !teller.grants(wish)) || undefined}
          aria-label={label}
          title={label}
          // The focus stays where it was: Space is the next chapter.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => pressKey(teller, key)}
        >
          {sign}
        </button>
      ))}
    </nav>
  )
}

function Absent({ teller, reason }: { teller: Teller; reason: string }) {
  return (
    <main className={styles.stage}>
      <h1 className={styles.headline}>This story is not here</h1>
      <div className={styles.body} data-alone="text">
        <div className={styles.text}>
          <p>{reason}</p>
          <p>
            <button type="button" className={styles.plain} onClick={() => pressKey(teller, 'Escape')}>
              All stories
            </button>
          </p>
        </div>
      </div>
    </main>
  )
}
