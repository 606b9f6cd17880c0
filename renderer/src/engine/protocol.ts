import type { DomainId } from '@core/corpus'
import type { ChangedLoss } from '@core/evaluate/paired-losses'
import type { Question } from '@core/evaluate/questions'
import type { CorpusSpec } from '@core/formats/training-report'
import type { GenerationSettings, Speed, Turn } from '@core/generate/records'
import type { RunRecord } from '@core/generate/run-record'
import type { ExpertsOff } from '@core/model/intervention'
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

/** The questions of a score. */
export interface QuestionsRequest {
  readonly world: CorpusSpec['world']
  readonly domain: DomainId
  /** The shortest context of those who are asked. */
  readonly context: number
}

export interface AnswerRequest extends QuestionsRequest {
  readonly model: string
  readonly masks: readonly ExpertsOff[]
  /** Some of the questions, so that what is asked for can end between two calls. */
  readonly first: number
  readonly count: number
}

/** Calls that ask and measure loaded models. */
export interface ExaminerApi {
  drawQuestions(request: QuestionsRequest): Promise<readonly Question[]>
  /** Of each question, true when the answer is right. */
  answer(request: AnswerRequest): Promise<boolean[]>
  /** The validation loss with some experts masked, and its change. */
  measureLoss(request: {
    readonly model: string
    readonly corpus: CorpusSpec
    readonly masks: readonly ExpertsOff[]
  }): Promise<ChangedLoss>
}

/** Calls that the worker answers. The page drives: nothing is computed between two calls of `advance`. */
export interface EngineApi extends ExaminerApi {
  start(options: EngineOptions): Promise<EngineFacts>
  /** Makes these the contestants. Models that were loaded before are kept. */
  load(models: readonly ModelSource[]): Promise<void>
  /** Warms the contestants up for a while; tells whether they are still cold. Not while a run goes on. */
  warmUp(milliseconds: number): Promise<boolean>
  /**
   * Begins a run. `masks` are those of each contestant; one with experts off is followed, after the last contestant and
   * in their order, by the same model with all experts on, as a contestant of its own.
   */
  begin(settings: GenerationSettings, masks: readonly (readonly ExpertsOff[])[]): Promise<void>
  /** Begins a run that gives the recorded turns and computes nothing. */
  beginReplay(record: RunRecord): Promise<void>
  advance(budget: AdvanceBudget): Promise<Advance>
}
