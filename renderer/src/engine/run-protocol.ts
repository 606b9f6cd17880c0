import type { RunContext } from '@core/lab/kind'
import type { RunRecord } from '@core/lab/run'
import type { RunFiles } from '@core/lab/store'
import type { ModelFiles } from '@core/model/runnable-model'
import type { EngineOptions } from './protocol'

/** A run's way through the page to its own files and to models. A proxy, and so an argument of its own. */
export interface RunAccess extends RunFiles {
  /** Files of a model that is here. Rejects when there is none of that id. */
  readModel(id: string): Promise<ModelFiles>
}

/** News of a run. */
export type RunNews =
  | { readonly kind: 'progress'; readonly done: number; readonly detail: string }
  /** An event of its kind. */
  | { readonly kind: 'event'; readonly event: unknown }

export interface RunOptions {
  readonly engine: EngineOptions
  readonly origin: RunContext<never>['origin']
}

/** The calls that the worker of one run answers. */
export interface RunApi {
  /**
   * Computes the run to its end. Rejects with an `AbortError` when it is cancelled, and with an `UnwrittenError` when its
   * result found no room: this worker holds it then, and writes it when it is asked to compute again.
   */
  compute(
    run: Pick<RunRecord, 'id' | 'kind' | 'spec'>,
    options: RunOptions,
    access: RunAccess,
    onNews: (news: readonly RunNews[]) => void
  ): Promise<void>
  /** Writes what an earlier version kept of a training as the folders that models are kept in now. */
  convertCheckpoints(training: RunAccess): Promise<void>
  /** A model as one `.onnx` file; see `onnxFile`. */
  onnxFile(id: string, files: ModelFiles): Promise<Uint8Array<ArrayBuffer>>
  /** Resolves once the run stands still. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Resolves once the run has taken one step, and stands still again. */
  step(): Promise<void>
  cancel(): Promise<void>
}
