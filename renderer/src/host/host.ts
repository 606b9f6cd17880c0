import { z } from 'zod'

/** A text file that the user chose. */
export interface TextFile {
  readonly name: string
  readonly text: string
}

export interface FileKind {
  /** In words, for a dialog. */
  readonly description: string
  /** Without the dot. */
  readonly extensions: string[]
}

/** What the app needs from where it runs. Nothing else in the renderer knows where that is. */
export interface Host {
  /** Version of the app. */
  version(): Promise<string>
  /** The ids of the shipped models with the paths of all their training reports, below `models/`. */
  modelIndex(): Promise<ModelIndex>
  /** Bytes of a file below `models/`. Throws when it cannot be read. */
  readModelFile(path: string): Promise<Uint8Array<ArrayBuffer>>
  /** Saves a text where the user says; false when they cancelled. */
  saveText(name: string, kind: FileKind, text: string): Promise<boolean>
  /** Reads the file that the user chooses; undefined when they cancelled. */
  openText(kind: FileKind): Promise<TextFile | undefined>
  /** What was stored under a name; undefined for nothing. */
  recall(name: string): Promise<unknown>
  store(name: string, value: unknown): Promise<void>
}

/** `models/index.json`. */
export const modelIndexSchema = z.object({
  models: z.array(z.object({ id: z.string(), reports: z.array(z.string()) }))
})

export type ModelIndex = z.infer<typeof modelIndexSchema>
