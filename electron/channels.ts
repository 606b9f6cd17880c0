import { z } from 'zod'

/** Every channel between the page and the main process. */
export const channels = {
  version: 'app:version',
  saveText: 'file:save-text',
  openText: 'file:open-text'
} as const

const fileExtension = z.string().regex(/^[a-z0-9]{1,16}$/)

/** What a file dialog offers: the kind of file in words, and its extensions without the dot. */
const fileKind = z.object({ description: z.string().min(1).max(80), extensions: z.array(fileExtension).min(1).max(8) })

/** A text to be saved where the user says; `name` is only the proposal. */
export const saveTextRequest = z.object({ name: z.string().min(1).max(200), kind: fileKind, text: z.string() })
export type SaveTextRequest = z.infer<typeof saveTextRequest>

/** The kind of text file that the user is to choose. */
export const openTextRequest = z.object({ kind: fileKind })
export type OpenTextRequest = z.infer<typeof openTextRequest>

/** What the preload script gives to the page as `window.moescope`. */
export interface MoescopeApi {
  /** The app's version, as in package.json. */
  version(): Promise<string>
  /** Saves a text where the user says; the name of the file, or null if they cancelled. */
  saveText(request: SaveTextRequest): Promise<string | null>
  /** Reads the text file that the user chooses; null if they cancelled. */
  openText(request: OpenTextRequest): Promise<{ name: string; text: string } | null>
}
