/** Results of runs that look at what transforms make of a model, or could: each whole in one file. */
import { z } from 'zod'
import { jsonBy } from '../../formats/json'
import { chainSchema } from './compress'

/** The file of each of these runs. */
export const findingName = 'finding.json'

const count = z.int().nonnegative()
const speed = z.object({ median: z.number(), low: z.number(), high: z.number(), steps: count })
const table = z.array(
  z.array(
    z
      .number()
      .nullable()
      .transform((value) => value ?? Number.NaN)
  )
)
const groups = z.array(z.array(count))

/** Tokens/s of a model and of what each chain makes of it, which take turns. */
export const speedFindingSchema = z.object({
  format: z.literal('moescope.compress-speed/1'),
  machine: z.string(),
  versions: z.record(z.string(), z.string()),
  points: z.array(z.object({ chain: chainSchema, before: speed, after: speed }))
})

/** Text that a model and a smaller one write after the same prompt, token by token, with the same luck. */
export const textFindingSchema = z.object({
  format: z.literal('moescope.compress-text/1'),
  before: z.array(z.string()),
  after: z.array(z.string())
})

/** See `Sensitivity`. */
export const sensitivityFindingSchema = z.object({
  format: z.literal('moescope.sensitivity/1'),
  before: z.object({ loss: z.number(), tokens: count }),
  parts: z.array(
    z.object({
      layer: count,
      expert: count.exactOptional(),
      loss: z.number(),
      tokens: count,
      delta: z.number(),
      standardError: z.number().nullable()
    })
  ),
  /** Every part is measured. */
  whole: z.boolean()
})

/** See `Likeness`. */
export const likenessFindingSchema = z.object({
  format: z.literal('moescope.likeness/1'),
  cka: table,
  influence: z.array(z.number()),
  experts: z.array(
    z.object({
      layer: count,
      tokens: z.array(count),
      cosine: table,
      distance: table,
      groups: z.object({ logits: groups, outputs: groups })
    })
  )
})

export type SpeedFinding = Readonly<z.infer<typeof speedFindingSchema>>
export type TextFinding = Readonly<z.infer<typeof textFindingSchema>>
export type SensitivityFinding = Readonly<z.infer<typeof sensitivityFindingSchema>>
export type LikenessFinding = Readonly<z.infer<typeof likenessFindingSchema>>
export type Finding = SpeedFinding | TextFinding | SensitivityFinding | LikenessFinding

const findingSchema = z.discriminatedUnion('format', [
  speedFindingSchema,
  textFindingSchema,
  sensitivityFindingSchema,
  likenessFindingSchema
])

/** Reads `finding.json`. Throws a `FormatError` when it is damaged. */
export function readFinding(bytes: Uint8Array): Finding {
  return jsonBy(findingSchema, bytes, findingName)
}
