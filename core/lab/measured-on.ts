import { z } from 'zod'
import type { Backend } from '../runtime/backend'

/** The backend whose speed a run measures: it decides the result, so it belongs to the spec. */
export const measuredOnSchema = z.strictObject({ backend: z.string(), threads: z.int().positive() })

export type MeasuredOn = z.infer<typeof measuredOnSchema>

/** Throws when a run is computed on another backend than the one that it is to measure. */
export function ensureMeasured({ name, threads }: Backend, on: MeasuredOn): void {
  if (name === on.backend && threads === on.threads) return
  throw new Error(
    `the speed of ${on.backend} with ${on.threads} threads was to be measured, but ${name} with ${threads} is in use: ` +
      'choose that engine, or measure anew'
  )
}
