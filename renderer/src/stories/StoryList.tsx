import { CommandButton } from '../ui/CommandButton'
import { builtInStories } from './built-in'
import { OwnStories } from './OwnStories'
import { playerKeys } from './player'
import { StoryCards } from './StoryCards'
import styles from './StoryList.module.css'

/** All stories that ship, those of the user, and how they are told. */
export function StoryList() {
  const minutes = builtInStories.reduce((sum, story) => sum + story.minutes, 0)
  return (
    <main className={styles.view}>
      <h1 className={styles.title}>Which story do you want to tell?</h1>
      <p className={styles.note}>
        Talks that need no computing: every chapter is a record, and looks the same at every showing.{' '}
        {builtInStories.length} stories, {Math.round(minutes)} minutes.
      </p>
      <StoryCards copies />
      <OwnStories />
      <section className={styles.foot}>
        <CommandButton id="open">Open a story …</CommandButton>
        <dl className={styles.keys} aria-label="Keys of the stage">
          {playerKeys.map(([keys, effect]) => (
            <div key={keys}>
              <dt>{keys}</dt>
              <dd>{effect}</dd>
            </div>
          ))}
        </dl>
      </section>
    </main>
  )
}
