import { z } from 'zod'
import type { Compression } from '../../compress/measure'
import { domainIds } from '../../corpus'
import { jsonBy } from '../../formats/json'
import type { RunForm } from '../kind'
import { modelReferenceSchema } from '../model-reference'
import { stemOf } from '../run-id'

const transformSchema = z.object({ id: z.string() }).catchall(z.union([z.string(), z.number(), z.boolean()]))

const chainSchema = z.array(transformSchema).min(1)

export const compressSpecSchema = z.strictObject({
  model: modelReferenceSchema,
  /** Transforms in the order in which they are applied; each chain is measured on the model as it was. */
  chains: z.array(chainSchema).min(1),
  /** Characters of validation text; only its whole documents count. */
  characters: z.int().positive(),
  /** Characters of training text that transforms may look at. */
  calibration: z.int().positive(),
  /** Of what is drawn at random. */
  seed: z.int().nonnegative()
})

export type CompressSpec = z.infer<typeof compressSpecSchema>

/** The result of a compression; there from the first point on. */
export const compressionName = 'compression.json'

/** A compression as it is kept. */
export interface KeptCompression extends Compression {
  readonly format: 'moescope.compression/1'
  readonly model: string
  /** Every chain has its point. */
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
const byDomain = <T extends z.ZodType>(value: T) => z.partialRecord(z.enum(domainIds), value)

const compressionSchema = z.object({
  format: z.literal('moescope.compression/1'),
  model: z.string(),
  before: z.object({ ...size, ...measured, domains: byDomain(z.object(measured)) }),
  points: z.array(
    z.union([
      z.object({ chain: chainSchema, refused: z.string() }),
      z.object({ chain: chainSchema, ...size, ...changed, domains: byDomain(z.object(changed)) })
    ])
  ),
  whole: z.boolean()
})

/** Reads `compression.json`. Throws a `FormatError` when it is damaged. */
export function readCompression(bytes: Uint8Array): KeptCompression {
  return jsonBy(compressionSchema, bytes, compressionName)
}
