import type { ListedRun } from '@core/lab/sweep/folder'
import type { SweepRun } from '@core/lab/sweep/read-run'
import type { OpenedFolder } from '../host/host'

/** A sweep as far as it was read. */
export interface OpenedSweep {
  readonly name: string
  /** Undefined for a table alone, and for a sweep of the Lab. */
  readonly folder: OpenedFolder | undefined
  readonly from: 'folder' | 'table' | 'lab'
  /** The id of a folder's `store.json`, which its queue is named by. */
  readonly store?: string
  /** Of a sweep of the Lab: the folder that it is kept in once it has begun, and its runs. */
  readonly own?: { readonly id: string; readonly list: readonly ListedRun[] }
  /** In the order of the sweep. */
  readonly runs: readonly SweepRun[]
  /** Runs whose files were read; the others count as missing until then. */
  readonly read: number
  /** The reason for which it is not followed any more. */
  readonly problem?: string
}

export interface SweepState {
  /** The sweep that is open, if one is. */
  readonly sweep: OpenedSweep | undefined
  /** Id of the sweep that the Lab computes; undefined for none. */
  readonly playing: string | undefined
}

export const initialSweep: SweepState = { sweep: undefined, playing: undefined }
