import type { Compression } from '@core/compress/measure'

/** Measurements of compressed models, by the ids of their runs. */
export interface CompressState {
  readonly compressions: Readonly<Record<string, Compression>>
}

/** Before anything is measured. */
export const initialCompress: CompressState = { compressions: {} }
