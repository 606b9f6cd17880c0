/** The place of a sweep: a folder that its machines share, or S3-compatible storage. */
import type { RunFiles, RunStore } from '@core/lab/store'
import type { Content } from '../../../node/whole-file'

/** The files of a sweep itself, and those of its runs and models. */
export interface SweepStore {
  readonly read: RunFiles['read']
  /** Writes a file whole or not at all, and answers its path. Throws a `FailureError`. */
  write(name: string, content: Content): Promise<string>
  /** Writes a file unless there is one; of several who do so at the same moment one succeeds. */
  create(name: string, content: string): Promise<void>
  readonly runs: RunStore
  readonly models: Pick<RunStore, 'files'>
  /** The path of a file, for people. */
  pathOf(name: string): string
}

/** Milliseconds between signs of life of those who hold a run. */
export const beat = 10_000
