import type { SpeedPoint } from '@core/bench/speed-against-size'
import type { MeasuredMachine } from '@core/bench/step-cost'
import type { Ablation } from '@core/evaluate/ablate'
import type { ValidationPoint } from '@core/formats/training-report'
import type { KeptCheckpoint } from '@core/lab/checkpoints'
import type { RunQueue } from '@core/lab/queue'
import type { RunRecord } from '@core/lab/run'
import type { NamedContent, RunFiles } from '@core/lab/store'
import type { WrittenSample } from '@core/train/samples'
import type { TrainingChoices } from './choices'

/** Computes runs, and keeps them. */
export interface Lab {
  readonly queue: RunQueue
  /** Cores that runs may use at the same time. */
  readonly cores: number
  /** The files that a run has saved. */
  files(id: string): RunFiles
  /** The checkpoints of a training, also of one of an earlier version, ascending by step. */
  keptCheckpoints(training: string): Promise<readonly KeptCheckpoint[]>
  /** A model that is here as one `.onnx` file with its weights. */
  onnxFile(model: string): Promise<Uint8Array<ArrayBuffer>>
  /** Reads the runs of earlier sessions and what came of them; again where another folder for models is chosen. */
  open(): Promise<void>
  /** Ends a run that waits or computes; its record says when it has ended. */
  cancel(id: string): void
  /** Removes a run and all that it has saved, which is returned: with it the run can be restored. */
  remove(id: string): Promise<RemovedRun>
  /** Saves again what was removed. Rejects where another run has taken its place. */
  restore(run: RemovedRun): Promise<void>
  /** Takes finished runs off the list of jobs; those that can be resumed stay on it until they are dismissed. */
  tidy(): void
  /** Takes a run off the list of jobs; what it has saved stays. */
  dismiss(id: string): void
}

/** A run that was removed, with what it had saved. */
export interface RemovedRun {
  readonly id: string
  readonly place: 'models' | 'runs'
  readonly files: readonly NamedContent[]
}

/** The progress of a run, from 0 to 1, and the time at which it said so, in ms. */
export interface ProgressPoint {
  readonly done: number
  readonly at: number
}

/**
 * Progress since a run began to compute or went on: what came before, as a resumed part, a slow start or a pause,
 * says nothing of its speed.
 */
export interface Pace {
  readonly first: ProgressPoint
  readonly last: ProgressPoint
}

/** A training as far as it was looked at in this session. */
export interface ShownTraining {
  readonly kind: 'dense' | 'moe'
  readonly steps: number
  readonly charactersPerStep: number
  /** Of a step, forward and backward, over its characters. */
  readonly flopsPerToken: number
  /** Training loss in nats per character: of stretches before this session, then of each step: `[characters, loss]`. */
  readonly losses: readonly (readonly [characters: number, loss: number])[]
  readonly points: readonly ValidationPoint[]
  /** Assignments of stretches of its steps in this session; empty for a dense model. */
  readonly loads: readonly LoadStretch[]
  /** The last sample of its model; undefined before the first. */
  readonly sample: WrittenSample | undefined
  /** Seconds in steps when it had read so many characters, ascending. */
  readonly clock: readonly (readonly [characters: number, seconds: number])[]
}

/** Assignments of some steps one after the other. */
export interface LoadStretch {
  /** The last of the steps. */
  readonly step: number
  /** `[MoE layers][experts]` */
  readonly counts: readonly (readonly number[])[]
}

/** The reason for which a training cannot begin as it was chosen. */
export interface Refusal {
  readonly training: TrainingChoices
  readonly reason: string
}

/** Runs, and what came of them. */
export interface LabState {
  /** Every run that is known, in the order in which they were asked for. */
  readonly runs: readonly RunRecord[]
  /** By the ids of runs that compute. */
  readonly paces: Readonly<Record<string, Pace>>
  /** Ids of the runs in the header's list of jobs: those of this session, and those that the last one left. */
  readonly listedRuns: readonly string[]
  /** Ids of runs that the last session left in their midst, and that the user has not seen to yet. */
  readonly offered: readonly string[]
  /** Ids of runs that were cancelled and have not ended yet. */
  readonly ending: readonly string[]
  /** True while there are results that found no room: they are lost with this page. */
  readonly unwritten: boolean
  /** Trainings of this session, by their ids. */
  readonly trainings: Readonly<Record<string, ShownTraining>>
  /** Id of the training that is shown: the one that began or was asked for last; undefined before the first. */
  readonly shownTraining: string | undefined
  /** Reasons for which trainings that were asked for did not begin; of each the last one. */
  readonly refusals: readonly Refusal[]
  /** The reason for which the text that was opened last cannot be learnt. */
  readonly textProblem: string | undefined
  /** Ids of trainings that were begun and did not come to their end. */
  readonly unfinished: readonly string[]
  /** Ids of trainings that have kept checkpoints. */
  readonly checkpointed: readonly string[]
  /** Losses of models with changed routers, by the ids of the runs. */
  readonly ablations: Readonly<Record<string, Ablation>>
  /** Speed against size on this machine, as far as it was measured. */
  readonly speedPoints: readonly SpeedPoint[]
  /** The limits of this machine, once they were measured. */
  readonly machine: MeasuredMachine | undefined
}

/** Before anything was computed. */
export const initialLab: LabState = {
  runs: [],
  paces: {},
  listedRuns: [],
  offered: [],
  ending: [],
  unwritten: false,
  trainings: {},
  shownTraining: undefined,
  refusals: [],
  textProblem: undefined,
  unfinished: [],
  checkpointed: [],
  ablations: {},
  speedPoints: [],
  machine: undefined
}
