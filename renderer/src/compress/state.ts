import type { Compression } from '@core/compress/measure'
import type { Finding } from '@core/lab/kinds/findings'

/** Measurements of compressed models, by the ids of their runs. */
export interface CompressState {
  readonly compressions: Readonly<Record<string, Compression>>
  /** Results of the runs that look at what transforms make of a model, by their ids. */
  readonly findings: Readonly<Record<string, Finding>>
}

/** Before anything is measured. */
export const initialCompress: CompressState = { compressions: {}, findings: {} }
