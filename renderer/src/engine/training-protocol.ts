import type { ValidationPoint } from '@core/formats/training-report'
import type { TrainingPlan } from '@core/train/fingerprint'

export interface TrainingRequest {
  readonly plan: TrainingPlan
  /** Threads that one graph may use. */
  readonly threads: number
  /** Checkpoints that a training keeps which begins now. */
  readonly checkpoints: number
  /** The run that is continued: its `run.safetensors`, and `checkpoints.safetensors` if it keeps some. */
  readonly saved: { readonly run: Uint8Array; readonly checkpoints: Uint8Array | undefined } | undefined
  /** For the record of the training: this machine in a few words, and versions. */
  readonly machine: string
  readonly versions: Readonly<Record<string, string>>
}

/** A file that a training leaves. */
export interface TrainingFile {
  readonly name: string
  readonly content: Uint8Array<ArrayBuffer>
}

/** What a training tells while it goes on. */
export type TrainingEvent =
  | { readonly kind: 'step'; readonly step: number; readonly steps: number; readonly loss: number }
  | { readonly kind: 'validation'; readonly point: ValidationPoint }
  /** What continues the run from here, in the order in which it is to be written. */
  | { readonly kind: 'saved'; readonly files: readonly TrainingFile[] }

/** What a training leaves, in the order in which it is to be written. */
export interface TrainingOutcome {
  readonly files: readonly TrainingFile[]
  /** Whether it came to its end, or was stopped before. */
  readonly finished: boolean
}

/** What the training's worker answers. */
export interface TrainingApi {
  /** Trains to the end, or until `stop`; the outcome holds what was reached. */
  train(request: TrainingRequest, onEvent: (event: TrainingEvent) => void): Promise<TrainingOutcome>
  /** Stops after the step that is being taken. */
  stop(): Promise<void>
}
