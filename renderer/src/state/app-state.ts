import type { GalleryModel } from '@core/arch/gallery'
import type { SpeedPoint } from '@core/bench/speed-against-size'
import type { MeasuredMachine } from '@core/bench/step-cost'
import type { Speed, StepRecord } from '@core/generate/records'
import type { RunRecord } from '@core/generate/run-record'
import type { Candidate } from '@core/routing/importers/open'
import type { EngineFacts } from '../engine/protocol'
import type { OpenedFile, RecentFile } from '../host/host'
import type { ShownAblation } from '../lab/ablation-job'
import type { Job } from '../lab/jobs'
import type { ShownTraining } from '../lab/training-job'
import type { Measured, OpenTrace } from '../routing/inspector'
import type { Choices, TokenPlace } from './choices'
import type { History } from './history'
import type { Library } from './library'
import type { Settings } from './settings'

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

/** `resting` until something asks for the engine. */
export type RunStatus = 'resting' | 'loading' | 'ready' | 'running' | 'paused' | 'finished' | 'failed'

/** What the user chose, as one change turns it into another. */
export interface Chosen {
  readonly choices: Choices
  readonly settings: Settings
}

/** What lies over the view. */
export type Overlay = 'palette' | 'settings' | 'help' | 'about'

/** A part of the compare screen that can be asked for by itself. */
export type Section = 'routing' | 'worth' | 'speed'

export interface AppState extends Chosen {
  readonly history: History<Chosen>
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
  /** The traces that are open: the first is inspected, and compared with the others. */
  readonly traces: readonly OpenTrace[]
  /** What was measured of the first trace. */
  readonly measured: Measured | undefined
  /** What changed routers did to a model; undefined before the first of this session. */
  readonly ablation: ShownAblation | undefined
  /** A file about which something must be asked before it can be opened. */
  readonly asked: { readonly file: OpenedFile; readonly candidates: readonly Candidate[] } | undefined
  /** Speed against size, as far as it was measured in this session. */
  readonly speedPoints: readonly SpeedPoint[]
  /** The real architectures, once they are asked for; in words why there are none. */
  readonly gallery: readonly GalleryModel[] | string | undefined
  /** What this machine can do, once it was measured in this session. */
  readonly machine: MeasuredMachine | undefined
  /** The training that is shown; undefined before the first of this session. */
  readonly training: ShownTraining | undefined
  /** Ids of trainings that were begun and did not come to their end. */
  readonly unfinished: readonly string[]
  /** Ids of trainings that have kept checkpoints. */
  readonly checkpointed: readonly string[]
  /** Long work, the latest last. */
  readonly jobs: readonly Job[]
  /** Files that were opened or saved last, the latest first. */
  readonly recent: readonly RecentFile[]
  /** Whether what is chosen can be a link. */
  readonly linkable: boolean
  /** Whether there is a comparison to continue from the last time. */
  readonly continuable: boolean
  /** The token under the pointer; it goes before the selected one. */
  readonly pointed: TokenPlace | null
  /** A part of the view that is to come into sight. */
  readonly revealed: Section | undefined
  /** Something that happened and that the user should know; it goes away by itself. */
  readonly notice: string | undefined
  /** What stays true until the user has seen to it. */
  readonly warnings: readonly string[]
  /** The report of a session that did not end by itself. */
  readonly crash: string | undefined
  readonly overlay: Overlay | undefined
}

const waiting: Contestant = { steps: [], speed: undefined, prefillTokensPerSecond: undefined }

/** Both before their first turn. */
export const waitingContestants: AppState['contestants'] = [waiting, waiting]
