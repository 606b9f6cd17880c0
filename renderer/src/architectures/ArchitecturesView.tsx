import { CommandButton } from '../ui/CommandButton'
import { ChartSubjectContext } from '../ui/chart-subject'
import styles from './Architectures.module.css'
import { CompareModels } from './CompareModels'
import { Gallery } from './Gallery'
import { modelsSubject } from './models-subject'
import { OneModel } from './OneModel'
import { Sizes } from './Sizes'
import { UnreadableConfig } from './UnreadableConfig'
import { chosenSubject, useArchitectures, useSubjects } from './use-architectures'

/** Real models by their shapes: parameters, memory, cache and predicted speed, also of changed shapes. */
export function ArchitecturesView() {
  const subjects = useSubjects()
  const [chosen] = useArchitectures()
  if (subjects === undefined) return <main className={styles.view} aria-busy="true" />
  if (typeof subjects === 'string') {
    return (
      <main className={styles.view}>
        <h1 className={styles.question}>The architectures are not here</h1>
        <p role="alert">{subjects}</p>
        <p>A config.json can be opened all the same.</p>
        <CommandButton id="open" />
      </main>
    )
  }
  const one = chosenSubject(subjects, chosen)
  return (
    <ChartSubjectContext value={modelsSubject(subjects.all, chosen)}>
      <main className={styles.view}>
        {chosen.screen === 'gallery' && <Gallery subjects={subjects.all} />}
        {chosen.screen === 'one' &&
          (one ? (
            <OneModel subject={one} subjects={subjects.all} />
          ) : (
            <UnreadableConfig unreadable={subjects.unreadable} />
          ))}
        {chosen.screen === 'compare' && <CompareModels subjects={subjects.all} />}
        {chosen.screen === 'sizes' && <Sizes subjects={subjects.all} />}
      </main>
    </ChartSubjectContext>
  )
}
