import type { ReadStory } from '@core/stories/story'
import type { ReactNode } from 'react'
import styles from './Overview.module.css'
import { Rehearsal } from './Rehearsal'
import { showChapter, useTeller, useTold } from './teller'

/** All chapters at once, and what the rehearsal found. */
export function Overview({ read, chapter, actions }: { read: ReadStory; chapter: number; actions?: ReactNode }) {
  const teller = useTeller()
  const { story } = read
  const seen = useTold((state) => state.seen)
  return (
    <main className={styles.overview}>
      <h1 className={styles.title}>{story.title}</h1>
      <Rehearsal read={read} seen={[...seen, chapter]} />
      {actions && <div className={styles.actions}>{actions}</div>}
      <ol className={styles.chapters}>
        {story.chapters.map(({ headline, text, minutes }, i) => (
          <li key={`${i} ${headline}`} ref={i === chapter ? scrollTo : undefined}>
            <button
              type="button"
              className={styles.chapter}
              aria-current={i === chapter ? 'step' : undefined}
              onClick={() => showChapter(teller, i)}
            >
              <small>
                {i + 1} · {minutes} min
              </small>
              <b>{headline}</b>
              <span>{text[0]}</span>
            </button>
          </li>
        ))}
      </ol>
    </main>
  )
}

function scrollTo(element: Element | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
