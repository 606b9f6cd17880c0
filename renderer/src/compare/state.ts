import type { Speed, StepRecord } from '@core/generate/records'
import type { RunRecord } from '@core/generate/run-record'
import type { TokenPlace } from './choices'

/** One of the two texts. */
export interface Contestant {
  /** Its steps, one record a token. */
  readonly steps: readonly StepRecord[]
  /** Decode speed; undefined before the first step. */
  readonly speed: Speed | undefined
  readonly prefillTokensPerSecond: number | undefined
}

/** A part of the compare screen that can be asked for by itself. */
export type Section = 'routing' | 'worth' | 'speed'

/** The run of the two models, and what is looked at of it now. */
export interface CompareState {
  readonly contestants: readonly [Contestant, Contestant]
  /** A saved run that is shown again instead of computing one. */
  readonly replay: RunRecord | undefined
  /** True when Run was asked for before the models were there. */
  readonly awaited: boolean
  /** The token under the pointer; it goes before the selected one. */
  readonly pointed: TokenPlace | null
  /** A part of the view that is to come into sight. */
  readonly revealed: Section | undefined
}

const waiting: Contestant = { steps: [], speed: undefined, prefillTokensPerSecond: undefined }

/** Both before their first turn. */
export const waitingContestants: CompareState['contestants'] = [waiting, waiting]

/** Before the first run. */
export const initialCompare: CompareState = {
  contestants: waitingContestants,
  replay: undefined,
  awaited: false,
  pointed: null,
  revealed: undefined
}

/** Runs the engine for the choices, and keeps the state up to date. */
export interface Session {
  /** Makes the engine ready for the chosen models, and shows the run of a link or a record up to where it was. */
  prepare(): Promise<void>
  /** Does so unless it was done before. */
  wake(): Promise<void>
  /** Goes on, or begins anew what is finished. */
  run(): Promise<void>
  pause(): void
  /** One round: each model its next token. */
  step(): Promise<void>
  /** Drops the run. */
  reset(): void
  /** Starts a fresh engine after a failure. */
  restart(): Promise<void>
}
