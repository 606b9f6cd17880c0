/** A store of runs, in which each has its own files. */

/** The files that one run has saved. */
export interface RunFiles {
  /** Names, sorted; a name may have folders: `checkpoints/step-61/model.safetensors`. */
  names(): Promise<readonly string[]>
  /** Bytes of a file; undefined where there is none. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Writes a file whole or not at all. Rejects when it cannot be written; what was there before is unchanged then. */
  write(name: string, content: Uint8Array): Promise<void>
  /** Removes a file where there is one. */
  remove(name: string): Promise<void>
}

/** A file to be written. */
export interface NamedContent {
  readonly name: string
  readonly content: Uint8Array
}

/** Runs by their ids. */
export interface RunStore {
  /** Ids of all runs that have files. */
  ids(): Promise<readonly string[]>
  files(id: string): RunFiles
  /** Removes a run with all its files. */
  remove(id: string): Promise<void>
  /**
   * Holds a run, so that nobody else computes it; undefined while somebody else holds it. A hold ends with `release`
   * and with the death of who holds it.
   */
  hold(id: string): Promise<{ release(): Promise<void> } | undefined>
}

/** The file of each run that holds its `RunRecord`. */
export const recordName = 'lab-run.json'
