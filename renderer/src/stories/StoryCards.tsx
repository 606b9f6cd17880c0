import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import { beginStory } from './begin'
import { builtInStories } from './built-in'
import styles from './StoryCards.module.css'

/**
 * A card for each story that ships; one click begins it.
 * @param copies has each be the beginning of one of the user's, too
 */
export function StoryCards({ copies = false }: { copies?: boolean }) {
  const app = useApp()
  const last = useAppState(({ told }) => told?.id)
  return (
    <ul className={styles.cards}>
      {builtInStories.map(({ id, title, answer, chapters, minutes }) => (
        <li key={id}>
          <button
            type="button"
            className={styles.card}
            ref={copies && id === last ? focusAfterTalk : undefined}
            onClick={() => beginStory(app, id)}
          >
            <b>{title}</b>
            <span>{answer}</span>
            <small>
              {chapters} chapters, {Math.round(minutes)} min
            </small>
          </button>
          {copies && (
            <Button
              look="quiet"
              aria-label={`Edit a copy of “${title}”`}
              onClick={() => attempt(app, async () => (await import('./copy-built-in')).copyBuiltIn(app, id))}
            >
              Edit a copy
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}

/** A talk that was left gives the focus back to what began it. */
export function focusAfterTalk(button: HTMLButtonElement | null): void {
  if (document.activeElement === document.body) button?.focus()
}
