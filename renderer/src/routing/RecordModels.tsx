import { RunProgress } from '../lab/RunProgress'
import { recordRouting } from '../lab/record'
import { runUnderWay } from '../lab/under-way'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import type { LibraryModel } from '../state/library'
import { Button } from '../ui/Button'
import { modelName, modelShape } from '../words/model-words'
import styles from './RecordModels.module.css'

/** The models whose routing can be recorded here, or how far the recording of one is. */
export function RecordModels({ fits = () => true }: { fits?: (model: LibraryModel) => boolean }) {
  const app = useApp()
  const models = useAppState(({ library }) => library?.models)
  const recording = useAppState(({ runs }) => runUnderWay(runs, 'record'))
  if (recording) return <RunProgress run={recording} />
  return (
    <ul className={styles.models}>
      {models
        ?.filter((model) => model.role === 'moe' && fits(model))
        .map((model) => (
          <li key={model.id}>
            <Button onClick={() => attempt(app, () => recordRouting(app, model.id))}>
              <b>{modelName(model)}</b>
              <span>{model.id}</span>
            </Button>
            <small>{modelShape(model)}</small>
          </li>
        ))}
    </ul>
  )
}
