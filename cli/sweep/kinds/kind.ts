/** A kind of run as sweeps know it. */

import type { Run } from '@core/lab/run'
import type { NamedContent } from '@core/lab/store'
import type { ReadFigures, RunSize } from '@core/lab/sweep/figures'
import type { Settings } from '@core/lab/sweep/settings'
import type { ModelFiles } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import type { ModelStore } from '../../terminal/model-store'

/** A run that a sweep asks for. */
export interface AskedRun {
  readonly run: Run
  /** The beginning of its id, as its form has it. */
  readonly stem: string
  /** The spec as the file has it, with defaults. */
  readonly asked: unknown
  readonly size: RunSize
  /** Files that lie among those of the run before it begins. */
  readonly files: readonly NamedContent[]
  /** The models that its spec names: as `RunReader.models` knows them, and the hash of their weights. */
  readonly models: readonly { readonly name: string; readonly weights: string }[]
}

export interface RunReader {
  /** Of the sweep; paths in a spec count from its folder. */
  readonly path: string
  readonly models: Pick<ModelStore, 'ids' | 'refer'> & { files(name: string): Promise<ModelFiles> }
  /** Runs what must be computed to know what a spec asks for. */
  readonly backend: Backend
  /** Makes once what the runs of a sweep with this key have in common; a promise that rejects, too. */
  once<T>(key: string, make: () => T): T
}

export interface SweepKind {
  readonly kind: string
  /** A spec in the help. */
  readonly help: string
  /** Reads a spec. Throws a `FailureError`, a `UsageError` or a `FormatError` for one that cannot run. */
  read(spec: Settings, reader: RunReader): Promise<AskedRun>
  /** The figures of a run that is whole, for its row. */
  readonly figures: ReadFigures
}
