import type { Compression } from '@core/compress/measure'

/** What was measured of compressed models, by the ids of their runs. */
export interface CompressState {
  readonly compressions: Readonly<Record<string, Compression>>
}

/** Before anything is measured. */
export const initialCompress: CompressState = { compressions: {} }
