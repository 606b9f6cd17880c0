import type { GenerationSettings, Speed, Turn } from '@core/generate/records'
import type { RunRecord } from '@core/generate/run-record'
import type { ModelFiles } from '@core/model/runnable-model'

export interface EngineOptions {
  readonly backend: 'wasm' | 'webgpu'
  /** Threads that one graph may use; 0 chooses by the machine. */
  readonly threads: number
}

/** Capabilities of the machine, and the options in use. */
export interface EngineFacts {
  readonly backend: 'wasm' | 'webgpu'
  readonly threads: number
  /** Most threads it would accept; 1 where the page is not isolated. */
  readonly maxThreads: number
  /** True with shared memory, without which there is one thread. */
  readonly isolated: boolean
  readonly webgpu: boolean
}

export interface ModelSource {
  readonly id: string
  readonly files: ModelFiles
}

/** Result of one call of `advance`. */
export interface Advance {
  readonly turns: readonly Turn[]
  readonly speeds: readonly (Speed | undefined)[]
  readonly prefillTokensPerSecond: readonly (number | undefined)[]
  /** True once every model has generated its tokens. */
  readonly finished: boolean
}

export interface AdvanceBudget {
  /** Rounds end with the first one that is over after so many milliseconds. */
  readonly milliseconds: number
  /** Rounds at most; a round is one turn of each model. */
  readonly rounds: number
}

/** Calls that the worker answers. The page drives: nothing is computed between two calls of `advance`. */
export interface EngineApi {
  start(options: EngineOptions): Promise<EngineFacts>
  /** Makes these the contestants. Models that were loaded before are kept. */
  load(models: readonly ModelSource[]): Promise<void>
  /** Warms the contestants up for a while; tells whether they are still cold. Not while a run goes on. */
  warmUp(milliseconds: number): Promise<boolean>
  begin(settings: GenerationSettings): Promise<void>
  /** Begins a run that gives the recorded turns and computes nothing. */
  beginReplay(record: RunRecord): Promise<void>
  advance(budget: AdvanceBudget): Promise<Advance>
}
