import { checkStory } from '@core/stories/check'
import type { ReadStory } from '@core/stories/story'
import { counted } from './format'
import styles from './Rehearsal.module.css'

/** Length of a story, and what is to be mended before it is told. */
export function Rehearsal({ read }: { read: ReadStory }) {
  const { chapters, minutes, computes, missing, long } = checkStory(read)
  const faults = [...computes, ...missing, ...long]
  return (
    <section className={styles.rehearsal} aria-label="Rehearsal">
      <p>
        {counted(chapters, 'chapter')}, {counted(minutes, 'minute')}.{' '}
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
