import type { SpeedPoint } from '@core/bench/speed-against-size'
import type { MeasuredMachine } from '@core/bench/step-cost'
import type { ValidationPoint } from '@core/formats/training-report'

/** Long work, while it lasts and until it is taken off the list. */
export interface Job {
  readonly id: number
  /** In words. */
  readonly title: string
  /** From 0 to 1. */
  readonly done: number
  /** What it is at, in a few words. */
  readonly detail: string
  readonly status: 'running' | 'cancelling' | 'done' | 'cancelled' | 'failed'
  /** When it began, ms since 1970. */
  readonly begun: number
  /** Milliseconds that it has taken so far. */
  readonly taken: number
  /** Where its progress was first told: what came before, as a resumed part or a slow start, says nothing of its speed. */
  readonly origin: { readonly done: number; readonly taken: number } | undefined
}

/** The training that is shown: the one that runs, or the last one. */
export interface ShownTraining {
  readonly id: string
  readonly kind: 'dense' | 'moe'
  readonly steps: number
  readonly charactersPerStep: number
  /** Training loss after each step of this session, in nats per character: `[characters, loss]`. */
  readonly losses: readonly (readonly [characters: number, loss: number])[]
  readonly points: readonly ValidationPoint[]
  readonly status: 'running' | 'stopped' | 'finished' | 'failed'
}

/** Long work, and what came of it. */
export interface LabState {
  /** The latest last. */
  readonly jobs: readonly Job[]
  /** The training that is shown; undefined before the first of this session. */
  readonly training: ShownTraining | undefined
  /** Ids of trainings that were begun and did not come to their end. */
  readonly unfinished: readonly string[]
  /** Ids of trainings that have kept checkpoints. */
  readonly checkpointed: readonly string[]
  /** Speed against size, as far as it was measured in this session. */
  readonly speedPoints: readonly SpeedPoint[]
  /** What this machine can do, once it was measured in this session. */
  readonly machine: MeasuredMachine | undefined
}

/** Before anything long was done. */
export const initialLab: LabState = {
  jobs: [],
  training: undefined,
  unfinished: [],
  checkpointed: [],
  speedPoints: [],
  machine: undefined
}

/** What a job's work is given. */
export interface JobHandle {
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal
  /** Tells how far it is, from 0 to 1, and what it is at. */
  progress(done: number, detail: string): void
}

/** What does long work. */
export interface Jobs {
  /** Does long work and lists it while it lasts. Resolves when it has ended in whatever way: it does not reject. */
  start(title: string, work: (job: JobHandle) => Promise<void>): Promise<void>
  cancel(id: number): void
  /** Takes those that have ended off the list. */
  tidy(): void
}
