import { z } from 'zod'
import type { Compression } from '../../compress/measure'
import { domainIds } from '../../corpus'
import { jsonBy } from '../../formats/json'
import { transformSpecSchema } from '../../formats/training-report'
import type { RunForm } from '../kind'
import { modelReferenceSchema } from '../model-reference'
import { stemOf } from '../run-id'

/** Transforms in the order in which they are applied. */
export const chainSchema = z.array(transformSpecSchema).min(1)

/** Everything beside the model and its transforms that decides what these make of it. */
export const calibratedShape = {
  /** Characters of training text that transforms may look at. */
  calibration: z.int().positive(),
  /** Of what is drawn at random. */
  seed: z.int().nonnegative()
}

export const compressSpecSchema = z.strictObject({
  model: modelReferenceSchema,
  /** Transforms in the order in which they are applied; each chain is measured on the model as it was. */
  chains: z.array(chainSchema).min(1),
  /** Characters of validation text; only its whole documents count. */
  characters: z.int().positive(),
  ...calibratedShape,
  /** Seeds, from `seed` on, with which a chain is measured that chance decides; absent, one. */
  draws: z.int().positive().exactOptional(),
  /** Place in each chain of the transform whose setting is varied; absent, the first. */
  varied: z.int().positive().exactOptional()
})

export type CompressSpec = z.infer<typeof compressSpecSchema>

/** The result of a compression; there from the first point on. */
export const compressionName = 'compression.json'

/** A compression as it is kept, with a point for every trial (`trialsOf`). */
export interface KeptCompression extends Compression {
  readonly format: 'moescope.compression/1'
  readonly model: string
  /** Every trial has its point. */
  readonly whole: boolean
}

/** The size and the loss of a model after each of several chains of transforms. */
export const compressForm: RunForm<CompressSpec> = {
  kind: 'compress',
  spec: compressSpecSchema,
  stem: ({ model }) => `${stemOf(model.id)}-compression`,
  title: ({ model }) => `Compressing ${model.id}`,
  needs: () => ({ cores: 1 })
}

const count = z.int().nonnegative()
const measured = { loss: z.number(), tokens: count }
const changed = { ...measured, delta: z.number(), standardError: z.number().nullable() }
const size = { bytes: count, total: count, active: count }
const trial = { chain: chainSchema, seed: count.exactOptional() }
const byDomain = <T extends z.ZodType>(value: T) => z.partialRecord(z.enum(domainIds), value)

const compressionSchema = z.object({
  format: z.literal('moescope.compression/1'),
  model: z.string(),
  before: z.object({ ...size, ...measured, domains: byDomain(z.object(measured)) }),
  points: z.array(
    z.union([
      z.object({ ...trial, refused: z.string() }),
      z.object({ ...trial, ...size, ...changed, domains: byDomain(z.object(changed)) })
    ])
  ),
  whole: z.boolean()
})

/** Reads `compression.json`. Throws a `FormatError` when it is damaged. */
export function readCompression(bytes: Uint8Array): KeptCompression {
  return jsonBy(compressionSchema, bytes, compressionName)
}
