/** The two settings of the engine, as they appear in the header and among the settings. */
import { useApp, useAppState } from '../state/app'
import { Choice } from '../ui/Choice'

export function BackendChoice() {
  const { configure } = useApp()
  const webgpu = useAppState(({ engine }) => engine?.webgpu ?? false)
  const backend = useAppState(({ settings }) => settings.backend)
  return (
    <Choice
      label="Backend"
      value={webgpu ? backend : 'wasm'}
      options={[
        { value: 'wasm', label: 'WASM', hint: 'processor' },
        ...(webgpu ? [{ value: 'webgpu' as const, label: 'WebGPU', hint: 'graphics card' }] : [])
      ]}
      onChange={(chosen) => configure({ backend: chosen })}
    />
  )
}

export function ThreadsChoice() {
  const { configure } = useApp()
  const engine = useAppState((state) => state.engine)
  const threads = useAppState(({ settings }) => settings.threads)
  const most = engine?.maxThreads ?? 1
  const counts = Array.from({ length: most }, (_, i) => i + 1)
  return (
    <Choice
      label="Threads"
      value={Math.min(threads, most)}
      disabled={!engine?.isolated}
      options={[
        { value: 0, label: `Automatic (${threads === 0 && engine ? engine.threads : 'by cores'})` },
        ...counts.map((count) => ({ value: count, label: String(count) }))
      ]}
      onChange={(chosen) => configure({ threads: chosen })}
    />
  )
}
