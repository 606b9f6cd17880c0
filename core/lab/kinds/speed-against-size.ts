import { z } from 'zod'
import { jsonBy } from '../../formats/json'
import type { RunForm } from '../kind'
import { measuredOnSchema } from '../measured-on'

export const speedAgainstSizeSpecSchema = z.strictObject({
  on: measuredOnSchema,
  /** In the order in which they are measured. */
  widths: z.array(z.int().positive()).min(1),
  experts: z.int().positive().default(16),
  topK: z.int().positive().default(2),
  /** For each width. */
  milliseconds: z.number().positive().default(1500)
})

export type SpeedAgainstSizeSpec = z.infer<typeof speedAgainstSizeSpecSchema>

/** The result; there from the first width on. */
export const speedsName = 'speed-against-size.json'

/** Speed of the same shapes from small to large, dense and MoE. Tells each point. */
export const speedAgainstSizeForm: RunForm<SpeedAgainstSizeSpec> = {
  kind: 'speed-against-size',
  spec: speedAgainstSizeSpecSchema,
  stem: ({ on }) => `speed-against-size-${on.backend}`,
  title: () => 'Speed against size',
  needs: () => 'quiet'
}

const speed = z.number().positive()

const speedsSchema = z.object({
  format: z.literal('moescope.speed-against-size/1'),
  machine: z.string(),
  versions: z.record(z.string(), z.string()),
  points: z.array(
    z.object({
      width: z.int().positive(),
      kind: z.enum(['dense-active', 'moe', 'dense-total']),
      parameters: z.object({ total: z.int(), active: z.int() }),
      tokensPerSecond: z.object({ median: speed, low: speed, high: speed })
    })
  ),
  /** Every width is measured. */
  whole: z.boolean()
})

/** Measured speeds as they are kept. */
export type Speeds = Readonly<z.infer<typeof speedsSchema>>

/** Reads `speed-against-size.json`. Throws a `FormatError` when it is damaged. */
export function readSpeeds(bytes: Uint8Array): Speeds {
  return jsonBy(speedsSchema, bytes, speedsName)
}
