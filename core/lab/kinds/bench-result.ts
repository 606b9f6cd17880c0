/** The result of a bench. */
import { z } from 'zod'
import { jsonBy } from '../../formats/json'

/** The result of a bench. */
export const benchName = 'speed.json'

/** Tokens per second: median and quartiles of so many repeats. */
const speed = z.object({
  median: z.number(),
  low: z.number(),
  high: z.number(),
  repeats: z.int().positive()
})

const benchSchema = z.object({
  format: z.literal('moescope.model-speed/1'),
  machine: z.string(),
  versions: z.record(z.string(), z.string()),
  /** One token after half a context. */
  decode: speed,
  /** A whole context at once. */
  prefill: speed,
  context: z.int().positive()
})

/** A bench as it is kept. */
export type KeptBench = z.infer<typeof benchSchema>

/** Reads `speed.json`. Throws a `FormatError` when it is damaged. */
export function readBench(bytes: Uint8Array): KeptBench {
  return jsonBy(benchSchema, bytes, benchName)
}
