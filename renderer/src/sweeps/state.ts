import type { SweepRun } from '@core/lab/sweep/read-run'
import type { OpenedFolder } from '../host/host'

/** A sweep as far as it was read. */
export interface OpenedSweep {
  readonly name: string
  /** Undefined for a table alone, and for a sweep of the Lab. */
  readonly folder: OpenedFolder | undefined
  readonly from: 'folder' | 'table' | 'lab'
  /** In the order of the sweep. */
  readonly runs: readonly SweepRun[]
  /** Runs whose files were read; the others count as missing until then. */
  readonly read: number
  /** The reason for which it is not followed any more. */
  readonly problem?: string
}

/** The sweep that is open, if one is. */
export interface SweepState {
  readonly sweep: OpenedSweep | undefined
}

export const initialSweep: SweepState = { sweep: undefined }
