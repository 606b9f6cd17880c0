/** The look of a story's files, and the needs of making one. */
import type { StageTheme } from './stage-frame'

/** Pixels of pictures and videos over those of the stage. */
export const sizes = { '1080p': 1, '4K': 2 } as const

export type PictureSize = keyof typeof sizes

export interface Look {
  readonly theme: StageTheme
  readonly size: PictureSize
}

/** A file as it was made. */
export interface MadeFile {
  readonly name: string
  readonly content: string | Uint8Array<ArrayBuffer>
}

export interface Making {
  readonly signal: AbortSignal
  /** Hears how much is done, 0 to 1. */
  readonly onProgress: (done: number) => void
  /** The page that plays stories, as it was built. */
  readonly page: () => Promise<string>
}
