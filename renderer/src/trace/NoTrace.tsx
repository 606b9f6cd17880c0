import { formatExact } from '../charts/format'
import { useApp, useAppState } from '../state/app'
import { isRunning } from '../state/jobs'
import { recordedCharacters, recordRouting } from '../state/record-job'
import { Button } from '../ui/Button'
import { CommandButton } from '../ui/CommandButton'
import { modelName, modelShape } from '../words/model-words'
import styles from './NoTrace.module.css'

/** The ways to a trace: of a model that is here, or of a file. */
export function NoTrace() {
  const app = useApp()
  const models = useAppState(({ library }) => library?.models)
  const engine = useAppState((state) => state.engine)
  const recording = useAppState(({ jobs }) => jobs.find((job) => isRunning(job) && job.title.startsWith('Recording')))
  const sparse = models?.filter(({ role }) => role === 'moe') ?? []
  return (
    <div className={styles.ways}>
      <section className={styles.way} aria-labelledby="here">
        <h2 id="here">Of a model that is here</h2>
        <p>
          It reads {formatExact(recordedCharacters)} characters of generated text that it was not trained on, and every
          decision of its routers is recorded. Takes some seconds.
        </p>
        {recording ? (
          <output className={styles.recording}>
            <progress value={recording.done} max={1} aria-label={recording.title} />
            <span>{recording.title}</span>
            <Button onClick={() => app.jobs.cancel(recording.id)}>Cancel</Button>
          </output>
        ) : (
          <ul className={styles.models}>
            {sparse.map((model) => (
              <li key={model.id}>
                <Button disabled={!engine} onClick={() => void recordRouting(app, model.id)}>
                  <b>{modelName(model)}</b>
                  <span>{model.id}</span>
                </Button>
                <small>{modelShape(model)}</small>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className={styles.way} aria-labelledby="file">
        <h2 id="file">Of a file</h2>
        <p>
          Recorded by Moescope, transformers, vLLM, SGLang, OLMoE’s scripts or llama.cpp: safetensors, NumPy, torch,
          JSON or CSV. Open it here, or drop it on the window. The guide shows how to record one.
        </p>
        <CommandButton id="open" look="primary" />
        <p className={styles.hint}>In a terminal:</p>
        <pre>node out/cli/moescope.js trace record moe-64 --text FILE --out trace.safetensors</pre>
      </section>
    </div>
  )
}
