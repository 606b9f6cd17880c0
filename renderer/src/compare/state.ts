import type { ChangedLoss } from '@core/evaluate/paired-losses'
import type { Question } from '@core/evaluate/questions'
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
export type Section = 'routing' | 'worth' | 'speed' | 'score'

/** Answers to the questions of one language, in their order; fewer than asked as long as it is not whole. */
export interface ExamAnswers {
  readonly questions: readonly Question[]
  readonly answers: readonly boolean[]
}

/** The run of the two models, and what is looked at of it now. */
export interface CompareState {
  readonly contestants: readonly [Contestant, Contestant]
  /** Of a model with experts off: the same run with all experts on. */
  readonly wholes: readonly [Contestant | undefined, Contestant | undefined]
  /** Results of this session, by `examKey`. */
  readonly exams: Readonly<Record<string, ExamAnswers>>
  /** Losses with experts off, by `examKey`. */
  readonly maskedLosses: Readonly<Record<string, ChangedLoss>>
  /** Something is being asked or measured. */
  readonly examining: boolean
  /** The user has stopped the questions of the score; what is answered stays. */
  readonly scoreStopped: boolean
  /** A saved run that is shown again instead of computing one. */
  readonly replay: RunRecord | undefined
  /** True when Run was asked for before the models were there. */
  readonly awaited: boolean
  /** The token under the pointer; it goes before the selected one. */
  readonly pointed: TokenPlace | null
  /** A part of the view that is to come into sight. */
  readonly revealed: Section | undefined
}

/** Before its first step. */
export const waiting: Contestant = { steps: [], speed: undefined, prefillTokensPerSecond: undefined }

/** Both before their first turn. */
export const waitingContestants: CompareState['contestants'] = [waiting, waiting]

/** No text of anyone. */
export const noSteps: Pick<CompareState, 'contestants' | 'wholes'> = {
  contestants: waitingContestants,
  wholes: [undefined, undefined]
}

/** Before the first run. */
export const initialCompare: CompareState = {
  ...noSteps,
  exams: {},
  maskedLosses: {},
  examining: false,
  scoreStopped: false,
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
  /** Runs again up to where it was, with the experts that are on now. */
  rerun(): Promise<void>
  /** Asks and measures what the choices show and is not known yet. */
  examine(): Promise<void>
  /** Asks no further questions of the score until it is resumed. */
  stopScore(): void
  /** Goes on where the questions were stopped. */
  resumeScore(): Promise<void>
  /** Starts a fresh engine after a failure. */
  restart(): Promise<void>
}
