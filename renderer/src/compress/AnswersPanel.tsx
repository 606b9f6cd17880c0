import { useAppState } from '../state/app'
import type { LibraryModel } from '../state/library'
import { Panel } from '../ui/Panel'
import { answersOf } from './answers'
import styles from './CompressView.module.css'
import { knownSweeps } from './sweeps'

/** The questions of the subject, each answered by the sweeps that are there. */
export function AnswersPanel({ model, models }: { model: LibraryModel; models: readonly LibraryModel[] }) {
  const runs = useAppState((state) => state.runs)
  const compressions = useAppState((state) => state.compressions)
  // A sweep answers once it has come to its end.
  const ended = runs.filter(({ status }) => status === 'finished')
  const answers = answersOf(model, models, (id) => knownSweeps({ runs: ended, compressions }, id))
  return (
    <Panel title="Answers, measured here">
      <dl className={styles.questions}>
        {answers.map(({ question, sentence, missing }) => (
          <div key={question}>
            <dt>{question}</dt>
            <dd data-open={sentence === undefined || undefined}>{sentence ?? `Not measured yet. ${missing}`}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
