import type { AblationRow, Baseline } from '@core/evaluate/ablate'
import type { Candidate, Inspection } from '@core/routing/importers/open'
import type { TraceColumns } from '@core/routing/trace'
import type { TrainingStep } from '@core/routing/training-step'
import type { MeasuredStatistics, ReadAs, RoutingApi, RoutingFacts, StatisticName } from '../engine/routing-protocol'
import type { OpenedFile } from '../host/host'

/** A trace that is open. */
export interface OpenTrace {
  readonly id: number
  /** Of its file, or of the model that it was recorded from. */
  readonly name: string
  readonly facts: RoutingFacts
  /** Whether it is in no file yet. */
  readonly recorded: boolean
  /** From where in a training it is, as far as its name or the user told. */
  readonly training: TrainingStep | undefined
}

/** What was measured of the first trace, for the part that is chosen. */
export interface Measured {
  readonly trace: number
  /** Of the part, so that what was measured of another part is told from it. */
  readonly part: string
  readonly statistics: MeasuredStatistics
  /** How far the measuring is that is going on, from 0 to 1; undefined when none is. */
  readonly progress: number | undefined
  /** Why the last measuring failed. */
  readonly failure: string | undefined
}

/** What is known of a model with its routers changed; rows come as they are measured. */
export interface ShownAblation {
  readonly model: string
  readonly baseline: Baseline | undefined
  readonly rows: readonly AblationRow[]
}

/** The traces that are open, and what is known of them. */
export interface RoutingState {
  /** The first is inspected, and compared with the others. */
  readonly traces: readonly OpenTrace[]
  /** What was measured of the first trace. */
  readonly measured: Measured | undefined
  /** A file about which something must be asked before it can be opened. */
  readonly asked: { readonly file: OpenedFile; readonly candidates: readonly Candidate[] } | undefined
  /** What changed routers did to a model; undefined before the first of this session. */
  readonly ablation: ShownAblation | undefined
}

/** Before the first trace. */
export const initialRouting: RoutingState = { traces: [], measured: undefined, asked: undefined, ablation: undefined }

/** What opens traces and measures them. */
export interface Inspector {
  readonly api: RoutingApi
  /** Which formats a file may have, and what must be asked about it. */
  inspect(file: OpenedFile): Promise<Inspection>
  /** Opens a file, which is inspected then; what was open stays open behind it. */
  open(file: OpenedFile, as?: ReadAs): Promise<OpenTrace>
  /** Opens what was recorded here. */
  take(name: string, columns: TraceColumns): Promise<OpenTrace>
  /** Inspects another one of those that are open. */
  inspectFirst(id: number): void
  close(id: number): Promise<void>
  /** Takes a trace for one of those of a training. */
  place(id: number, training: TrainingStep): void
  /** Measures what is not known yet of the first trace; what is asked for later goes before. */
  measure(names: readonly StatisticName[]): Promise<void>
  stop(): Promise<void>
}
