import { checkStory } from '@core/stories/check'
import type { ReadStory } from '@core/stories/story'
import { counted } from './format'
import styles from './Rehearsal.module.css'

/**
 * Length of a story, and what is to be mended before it is told.
 *
 * @param seen chapters, from 0, that were shown since the story was opened; where nothing is rehearsed, none are missed
 */
export function Rehearsal({ read, seen }: { read: ReadStory; seen?: readonly number[] }) {
  const { chapters, minutes, computes, missing, long } = checkStory(read)
  const faults = [...computes, ...missing, ...long]
  const unseen = seen && read.story.chapters.flatMap((_, i) => (seen.includes(i) ? [] : [i + 1]))
  return (
    <section className={styles.rehearsal} aria-label="Rehearsal">
      <p>
        {counted(chapters, 'chapter')}, {counted(minutes, 'minute')}.{' '}
        {unseen && (unseen.length === 0 ? 'Every chapter was seen. ' : `Not seen yet: ${unseen.join(', ')}. `)}
        {faults.length === 0 ? 'Nothing computes, nothing is missing, all texts fit.' : 'To be mended:'}
      </p>
      {faults.length > 0 && (
        <ul>
          {faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      )}
    </section>
  )
}
