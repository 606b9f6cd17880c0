import type { GalleryModel } from '@core/arch/gallery'

export interface ArchitecturesState {
  /** The real architectures that ship, once they are asked for; in words why there are none. */
  readonly gallery: readonly GalleryModel[] | string | undefined
}

/** Before they are asked for. */
export const initialArchitectures: ArchitecturesState = { gallery: undefined }
