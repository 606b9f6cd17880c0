import { Popover } from '@base-ui/react/popover'
import type { RunRecord } from '@core/run/run-record'
import { useApp, useAppState } from '../state/app'
import { Choice } from '../ui/Choice'
import styles from './EngineChip.module.css'

/** Where the models are computed, and with how many threads; opens to change it. */
export function EngineChip() {
  const { choose } = useApp()
  const engine = useAppState((state) => state.engine)
  const backend = useAppState(({ choices }) => choices.backend)
  const threads = useAppState(({ choices }) => choices.threads)
  const replay = useAppState((state) => state.replay)
  if (replay) return <span className={styles.chip}>{replayText(replay)}</span>
  if (!engine) return <span className={styles.chip}>starting the engine</span>
  const counts = Array.from({ length: engine.mostThreads }, (_, i) => i + 1)
  return (
    <Popover.Root>
      <Popover.Trigger className={styles.chip} title="Where the models are computed">
        {names[engine.backend]} · {threadsText(engine.threads)}
        {!engine.isolated && <span className={styles.warning}>not isolated</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className={styles.positioner}>
          <Popover.Popup className={styles.popup}>
            <Popover.Title className={styles.title}>Where the models are computed</Popover.Title>
            <div className={styles.row}>
              <span>Backend</span>
              <Choice
                label="Backend"
                value={engine.webgpu ? backend : 'wasm'}
                options={[
                  { value: 'wasm', label: 'WASM', hint: 'processor' },
                  ...(engine.webgpu ? [{ value: 'webgpu' as const, label: 'WebGPU', hint: 'graphics card' }] : [])
                ]}
                onChange={(chosen) => choose({ backend: chosen })}
              />
            </div>
            <div className={styles.row}>
              <span>Threads</span>
              <Choice
                label="Threads"
                value={Math.min(threads, engine.mostThreads)}
                disabled={!engine.isolated}
                options={[
                  { value: 0, label: `Automatic (${threads === 0 ? engine.threads : 'by cores'})` },
                  ...counts.map((count) => ({ value: count, label: String(count) }))
                ]}
                onChange={(chosen) => choose({ threads: chosen })}
              />
            </div>
            {!engine.webgpu && <p>This machine or browser offers no WebGPU, so the processor computes.</p>}
            {!engine.isolated && (
              <p>
                The page is not cross-origin isolated, so there is no shared memory and only one thread. Start it with
                npm start, or serve it with the COOP and COEP headers, to have more.
              </p>
            )}
            <p>Models this small are often quickest on one thread: handing out the work costs more than the work.</p>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

const names = { wasm: 'WASM', webgpu: 'WebGPU', native: 'native', reference: 'reference' } as const

function threadsText(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`
}

/** Where a run that is only shown was computed. */
function replayText({ backend, threads }: RunRecord): string {
  return `replay · ${names[backend]} · ${threadsText(threads)}`
}
