import { useApp } from '../state/app'
import { beginStory } from './begin'
import { builtInStories } from './built-in'
import styles from './StoryCards.module.css'

/** A card for each story that ships; one click begins it. */
export function StoryCards() {
  const app = useApp()
  return (
    <ul className={styles.cards}>
      {builtInStories.map(({ id, title, answer, chapters, minutes }) => (
        <li key={id}>
          <button type="button" className={styles.card} onClick={() => beginStory(app, id)}>
            <b>{title}</b>
            <span>{answer}</span>
            <small>
              {chapters} chapters, {Math.round(minutes)} min
            </small>
          </button>
        </li>
      ))}
    </ul>
  )
}
