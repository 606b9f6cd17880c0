import { Popover } from '@base-ui/react/popover'
import type { RunRecord } from '@core/generate/run-record'
import { useAppState } from '../state/app'
import chip from '../ui/Chip.module.css'
import { CommandButton } from '../ui/CommandButton'
import popover from '../ui/Popover.module.css'
import styles from './EngineChip.module.css'
import { BackendChoice, ThreadsChoice } from './engine-choices'

/** Backend and threads; opens to change them. */
export function EngineChip() {
  const engine = useAppState((state) => state.engine)
  const replay = useAppState((state) => state.replay)
  const status = useAppState((state) => state.status)
  const following = useAppState((state) => state.following)
  if (following) return null
  if (replay) return <span className={chip.chip}>{replayText(replay)}</span>
  if (status === 'failed') return <span className={chip.chip}>engine not running</span>
  if (status === 'resting') return <span className={chip.chip}>engine at rest</span>
  if (!engine) return <span className={chip.chip}>engine starting</span>
  return (
    <Popover.Root>
      <Popover.Trigger className={`${chip.chip} ${styles.engine}`} title="Where the models are computed">
        <span>
          {names[engine.backend]}
          <span className={styles.threads}> · {threadsText(engine.threads)}</span>
        </span>
        {!engine.isolated && <span className={styles.warning}>not isolated</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className={popover.positioner}>
          <Popover.Popup className={popover.popup}>
            <Popover.Title className={popover.title}>Where the models are computed</Popover.Title>
            <div className={popover.row}>
              <span>Backend</span>
              <BackendChoice />
            </div>
            <div className={popover.row}>
              <span>Threads</span>
              <ThreadsChoice />
            </div>
            {!engine.webgpu && <p>This machine or browser offers no WebGPU, so the processor computes.</p>}
            {!engine.isolated && (
              <p>
                The page is not cross-origin isolated, so there is no shared memory and only one thread. Start it with
                npm start, or serve it with the COOP and COEP headers, to have more.
              </p>
            )}
            <p>Models this small are often quickest on one thread: handing out the work costs more than the work.</p>
            <CommandButton id="settings" />
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

/** Backend and threads of a recorded run. */
function replayText({ backend, threads }: RunRecord): string {
  return `replay · ${names[backend]} · ${threadsText(threads)}`
}
