import type { Speed, StepRecord } from '@core/run/records'
import type { RunRecord } from '@core/run/run-record'
import type { EngineFacts } from '../engine/protocol'
import type { Choices, TokenPlace } from './choices'
import type { Library } from './library'

/** What stands in the way of a run, in words, and what helps. */
export interface Failure {
  readonly title: string
  readonly detail: string
  readonly remedy: 'restart-engine' | 'reload' | 'choose-models' | 'other-browser'
}

/** One of the two texts. */
export interface Contestant {
  /** What it has read, one record a token. */
  readonly steps: readonly StepRecord[]
  /** Decode speed; undefined before the first step. */
  readonly speed: Speed | undefined
  readonly prefillTokensPerSecond: number | undefined
}

export type RunStatus = 'loading' | 'ready' | 'running' | 'paused' | 'finished' | 'failed'

export interface AppState {
  readonly choices: Choices
  readonly library: Library | undefined
  readonly engine: EngineFacts | undefined
  readonly status: RunStatus
  /** What is being loaded, in words. */
  readonly loading: string
  /** Whether Run was asked for before the models were there. */
  readonly awaited: boolean
  readonly failure: Failure | undefined
  readonly contestants: readonly [Contestant, Contestant]
  /** A saved run that is shown again instead of computing one. */
  readonly replay: RunRecord | undefined
  /** The token under the pointer; it goes before the selected one. */
  readonly pointed: TokenPlace | null
  /** Something that happened and that the user should know; it goes away by itself. */
  readonly notice: string | undefined
  readonly helpOpen: boolean
}

const waiting: Contestant = { steps: [], speed: undefined, prefillTokensPerSecond: undefined }

/** Both before their first turn. */
export const waitingContestants: AppState['contestants'] = [waiting, waiting]
