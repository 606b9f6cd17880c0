import { formatExact } from '../charts/format'
import { recordedCharacters } from '../lab/record'
import { CommandButton } from '../ui/CommandButton'
import { CheckpointRuns } from './CheckpointRuns'
import styles from './NoTrace.module.css'
import { RecordedHere } from './RecordedHere'
import { RecordModels } from './RecordModels'
import { ShippedLoads } from './ShippedLoads'

/** Three ways to a trace: record one, open a file, follow a training run. */
export function NoTrace() {
  return (
    <>
      <div className={styles.ways}>
        <section className={styles.way} aria-labelledby="here">
          <h2 id="here">Record from a model</h2>
          <p>
            The model reads {formatExact(recordedCharacters)} characters of validation text, and every decision of its
            routers is recorded. Takes some seconds.
          </p>
          <RecordModels />
          <RecordedHere />
        </section>
        <section className={styles.way} aria-labelledby="file">
          <h2 id="file">Open a trace</h2>
          <p>
            Recorded by Moescope, transformers, vLLM, SGLang, OLMoE’s scripts or llama.cpp: safetensors, NumPy, torch,
            JSON or CSV. Open it here, or drop it on the window. docs/recording-traces.md shows how to record one.
          </p>
          <CommandButton id="open" look="primary" />
          <p>In a terminal:</p>
          <pre>{'node out/cli/moescope.js trace record moe-64 \\\n  --text FILE --out trace.safetensors'}</pre>
        </section>
        <section className={styles.way} aria-labelledby="training">
          <h2 id="training">Follow a training run</h2>
          <p>
            All checkpoints of a training read the same text: how load, confidence and specialisation develop, and how
            early the choices are the final ones.
          </p>
          <CheckpointRuns />
        </section>
      </div>
      <ShippedLoads />
    </>
  )
}
