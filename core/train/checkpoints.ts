/** The file of several models that earlier versions kept of a training, beside its weights. */
import { z } from 'zod'
import { FormatError } from '../formats/format-error'
import { jsonValue } from '../formats/json-metadata'
import { float32Of, readSafetensors } from '../formats/safetensors'

/** A model as it was after a step of its training. */
export interface Checkpoint {
  readonly step: number
  /** All weights as the flat vector of `parameterLayout`. */
  readonly parameters: Float32Array
}

/** The checkpoints that an earlier version kept of one training, as far as it has come. */
export interface Checkpoints {
  /** See `fingerprintOf`. */
  readonly fingerprint: string
  /** Steps after which the model is to be kept, ascending. */
  readonly planned: readonly number[]
  /** Ascending. */
  readonly kept: readonly Checkpoint[]
}

const planSchema = jsonValue.pipe(z.array(z.int().positive()))

/** Reads `checkpoints.safetensors` of earlier versions; throws a `FormatError` when it is damaged. */
export function readCheckpoints(bytes: Uint8Array): Checkpoints {
  const { metadata, tensors } = readSafetensors(bytes)
  const { fingerprint } = metadata
  const plan = planSchema.safeParse(metadata.planned)
  if (metadata.format !== format || fingerprint === undefined || !plan.success) {
    throw new FormatError(
      `expected checkpoints of a training (${format}), found ${metadata.format ?? 'something else'}`
    )
  }
  const kept = plan.data.flatMap((step): Checkpoint[] => {
    const found = tensors.get(tensorName(step))
    return found ? [{ step, parameters: float32Of(found, tensorName(step)).slice() }] : []
  })
  return { fingerprint, planned: plan.data, kept }
}

const format = 'moescope.checkpoints/1'

function tensorName(step: number): string {
  return `step_${step}`
}
