/** Computing one run in this process. */
import { createExecutor, UnwrittenError } from '@core/lab/execute'
import { kinds } from '@core/lab/kinds'
import { stream } from '@core/lab/kinds/stream-run'
import type { ModelReference } from '@core/lab/model-reference'
import type { Execution } from '@core/lab/queue'
import type { Run } from '@core/lab/run'
import type { RunFiles } from '@core/lab/store'
import type { RunnableModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import type { FiledModel } from '@core/stream/filed-model'
import { writeToFirstFolder } from '../../node/first-folder'
import { FailureError } from './errors'
import { machineName, versions } from './native'

export interface ComputeOptions<Event> {
  readonly backend: Backend
  readonly files: RunFiles
  readonly openModel?: (model: ModelReference) => Promise<RunnableModel>
  readonly openFiled?: (model: ModelReference) => Promise<FiledModel>
  /** Cancels the run, which then ends with the signal's reason. */
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, detail: string) => void
  /** Is given the run as it begins: it can stand still between two of its steps. */
  readonly onBegin?: (computing: Pick<Execution, 'pause' | 'resume'>) => void
  /** Hears what the run tells; may cancel it. */
  readonly onEvent?: (event: Event, cancel: () => void) => void
  /** Of the files: when they cannot be written any more, all go elsewhere, and a `FailureError` says where. */
  readonly folder?: string
}

/**
 * Computes a run until its result is in its files. Rejects with the reason of the signal, with an `AbortError` when
 * `onEvent` cancelled it, and as the run.
 */
export async function compute<Event>({ kind, spec }: Run, options: ComputeOptions<Event>): Promise<void> {
  const { backend, files, openModel, openFiled, signal, onBegin, onProgress, onEvent, folder } = options
  const executor = createExecutor({
    kinds: [...kinds, stream],
    store: { files: () => files },
    backend: async () => backend,
    openModel: openModel ?? (({ id }) => Promise.reject(new FailureError(`model '${id}' is not here`))),
    ...(openFiled && { openFiled }),
    origin: { machine: machineName(), versions: versions() },
    onEvent: (_, event) => onEvent?.(event as Event, () => cancel())
  })
  const execution = executor.execute({ id: kind, kind, spec }, onProgress ?? (() => undefined))
  onBegin?.(execution)
  let isCancelled = false
  const cancel = () => {
    isCancelled = true
    execution.cancel()
  }
  signal?.addEventListener('abort', cancel)
  if (signal?.aborted) cancel()
  try {
    await execution.ended
  } catch (error) {
    if (error instanceof UnwrittenError && folder !== undefined) {
      const { folder: taken, refusal } = await writeToFirstFolder(folder, executor.unwritten(kind))
      if (refusal) {
        throw new FailureError(
          `${refusal.message}; what was computed is in ${taken}: when there is room, move it to ${folder}`,
          { cause: error }
        )
      }
      if (!isCancelled) return
    }
    if (signal?.aborted && isCancelled) throw signal.reason
    throw error
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}
