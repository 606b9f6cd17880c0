import { isRunning } from '../lab/jobs'
import { recordRouting } from '../lab/record-job'
import { useApp, useAppState } from '../state/app'
import type { LibraryModel } from '../state/library'
import { Button } from '../ui/Button'
import { modelName, modelShape } from '../words/model-words'
import styles from './RecordModels.module.css'

/** The models whose routing can be recorded here, or how far the recording of one is. */
export function RecordModels({ fits = () => true }: { fits?: (model: LibraryModel) => boolean }) {
  const app = useApp()
  const models = useAppState(({ library }) => library?.models)
  const engine = useAppState((state) => state.engine)
  const recording = useAppState(({ jobs }) => jobs.find((job) => isRunning(job) && job.title.startsWith('Recording')))
  if (recording) {
    return (
      <output className={styles.recording}>
        <progress value={recording.done} max={1} aria-label={recording.title} />
        <span>{recording.title}</span>
        <Button onClick={() => app.jobs.cancel(recording.id)}>Cancel</Button>
      </output>
    )
  }
  return (
    <ul className={styles.models}>
      {models
        ?.filter((model) => model.role === 'moe' && fits(model))
        .map((model) => (
          <li key={model.id}>
            <Button disabled={!engine} onClick={() => void recordRouting(app, model.id)}>
              <b>{modelName(model)}</b>
              <span>{model.id}</span>
            </Button>
            <small>{modelShape(model)}</small>
          </li>
        ))}
    </ul>
  )
}
