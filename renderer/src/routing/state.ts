import type { Candidate, Inspection } from '@core/routing/importers/open'
import type { TrainingStep } from '@core/routing/training-step'
import type { MeasuredStatistics, ReadAs, RoutingApi, RoutingFacts, StatisticName } from '../engine/routing-protocol'
import type { OpenedFile } from '../host/host'

/** A trace that is open. */
export interface OpenTrace {
  readonly id: number
  /** Of its file, or of the model that it was recorded from. */
  readonly name: string
  readonly facts: RoutingFacts
  /** Id of the run that recorded it; undefined for a file. */
  readonly run: string | undefined
  /** From where in a training it is, as far as its name or the user told. */
  readonly training: TrainingStep | undefined
}

/** Statistics of the first trace, for the part that is chosen. */
export interface Measured {
  readonly trace: number
  /** Of the part, so that what was measured of another part is told from it. */
  readonly part: string
  readonly statistics: MeasuredStatistics
  /** Progress of the measuring that is going on, from 0 to 1; undefined when none is. */
  readonly progress: number | undefined
  /** The reason for which the last measuring failed. */
  readonly failure: string | undefined
}

/** The traces that are open, and what is known of them. */
export interface RoutingState {
  /** The first is inspected, and compared with the others. */
  readonly traces: readonly OpenTrace[]
  /** The statistics of the first trace. */
  readonly measured: Measured | undefined
  /** A file about which something must be asked before it can be opened. */
  readonly asked: { readonly file: OpenedFile; readonly candidates: readonly Candidate[] } | undefined
}

/** Before the first trace. */
export const initialRouting: RoutingState = { traces: [], measured: undefined, asked: undefined }

export interface OpenOptions {
  /** The user's answers about it. */
  readonly as?: ReadAs
  /** Id of the run that recorded it. */
  readonly run?: string
  /** Id of the model that it is of, if that is known better than from the file. */
  readonly model?: string
}

/** Opens traces and measures them. */
export interface Inspector {
  readonly api: RoutingApi
  /** The formats that a file may have, and the questions about it. */
  inspect(file: OpenedFile): Promise<Inspection>
  /** Opens a file, which is inspected then; what was open stays open behind it. */
  open(file: OpenedFile, options?: OpenOptions): Promise<OpenTrace>
  /** Inspects another one of those that are open. */
  inspectFirst(id: number): void
  close(id: number): Promise<void>
  /** Takes a trace for one of those of a training. */
  place(id: number, training: TrainingStep): void
  /** Measures what is not known yet of the first trace; what is asked for later goes before. */
  measure(names: readonly StatisticName[]): Promise<void>
  stop(): Promise<void>
}
