import { useEffect, useState } from 'react'
import { minutesBefore } from './clock'
import styles from './Speaker.module.css'
import { isForStage } from './StageView'
import { chapterOf, useTold } from './teller'

/**
 * The speaker's side: this chapter and the next, notes, the time.
 *
 * @param send has a key move the first window
 */
export function SpeakerView({ send }: { send: (key: string) => void }) {
  const told = useTold((state) => state.told)
  const choice = useTold(({ choices }) => choices.story)
  const since = useTold((state) => state.toldSince)
  const black = useTold(({ stage }) => stage.black)
  const now = useNow()
  useSentKeys(send)
  if (!told) return <main className={styles.view} aria-busy="true" />
  const { chapters, title } = told.story
  const number = chapterOf(told.story, choice)
  const [chapter, next] = [chapters[number], chapters[number + 1]]
  const rehearsed = 60 * minutesBefore(told.story, number)
  const left = 60 * (chapter?.minutes ?? 0) - (since ? (now - since.chapter) / 1000 : 0)
  const late = since ? (since.chapter - since.story) / 1000 - rehearsed : 0
  return (
    <main className={styles.view} aria-label={`Speaker: ${title}`}>
      <section className={styles.clock} aria-label="Time">
        <span className={styles.time}>{clockText(now)}</span>
        <span>
          told <b>{spanText(since ? (now - since.story) / 1000 : 0)}</b>
        </span>
        <span data-late={left < 0 || undefined}>
          this chapter <b>{spanText(left)}</b> left
        </span>
        <span data-late={late > 30 || undefined}>
          {Math.abs(late) <= 30 ? 'on time' : `${spanText(Math.abs(late))} ${late > 0 ? 'late' : 'early'}`}
        </span>
        <button
          type="button"
          className={styles.again}
          title="Begins the clock at this chapter, as rehearsed"
          onClick={({ currentTarget }) => {
            // Space is the next chapter again.
            currentTarget.blur()
            send('r')
          }}
        >
          Clock again (R)
        </button>
      </section>
      <section className={styles.now} aria-label="This chapter">
        <small>
          {number + 1} / {chapters.length} {black && '· black'}
        </small>
        <h1>{chapter?.headline}</h1>
        {chapter?.text.map((line) => (
          <p key={line}>{line}</p>
        ))}
        <p className={styles.notes}>{chapter?.notes}</p>
      </section>
      <section className={styles.next} aria-label="Next chapter">
        <small>{next ? `Next: Space, → or Page Down, ${spanText(60 * next.minutes)}` : 'The last chapter'}</small>
        <h2>{next?.headline}</h2>
        {next?.text.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </section>
    </main>
  )
}

/** The time, every second. */
function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}

function useSentKeys(send: (key: string) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // A second speaker's window, or a window that cannot be full here, is nothing to ask of the first one.
      if (!isForStage(event) || ['s', 'f'].includes(event.key.toLowerCase())) return
      event.preventDefault()
      send(event.key)
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [send])
}

function clockText(now: number): string {
  return new Date(now).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
}

/** `4:05`, also of less than none: `−0:12`. */
function spanText(seconds: number): string {
  const whole = Math.round(Math.abs(seconds))
  const sign = seconds < 0 && whole > 0 ? '−' : ''
  return `${sign}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
