import { z } from 'zod'
import type { SpeedPoint } from '../../bench/speed-against-size'
import { measureSpeedAgainstSize } from '../../bench/speed-against-size'
import { jsonBy, jsonText } from '../../formats/json'
import type { RunKind } from '../kind'
import { ensureMeasured, measuredOnSchema } from '../measured-on'

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

/** How fast the same shapes are from small to large, dense and MoE. Tells each point. */
export const speedAgainstSize: RunKind<SpeedAgainstSizeSpec, SpeedPoint> = {
  kind: 'speed-against-size',
  spec: speedAgainstSizeSpecSchema,
  stem: ({ on }) => `speed-against-size-${on.backend}`,
  title: () => 'Speed against size',
  needs: () => 'quiet',
  run: async ({ on, widths, experts, topK, milliseconds }, context) => {
    const { files, backend, turn, keep, progress, tell, origin } = context
    ensureMeasured(backend, on)
    const kept = await files.read(speedsName)
    const points: SpeedPoint[] = kept ? [...readSpeeds(kept).points] : []
    const missing = widths.filter((width) => !points.some((point) => point.width === width))
    for (const [i, width] of missing.entries()) {
      const done = (widths.length - missing.length + i) / widths.length
      progress(done, `d ${width}`)
      points.push(
        ...(await measureSpeedAgainstSize(backend, {
          widths: [width],
          experts,
          topK,
          milliseconds,
          turn,
          onPoint: tell
        }))
      )
      const whole = i === missing.length - 1
      const result: Speeds = { format: 'moescope.speed-against-size/1', ...origin, points, whole }
      await keep([{ name: speedsName, content: new TextEncoder().encode(jsonText(result)) }])
    }
  }
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
