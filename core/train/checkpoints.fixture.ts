import { storedTensor, writeSafetensors } from '../formats/safetensors'
import type { Checkpoints } from './checkpoints'

/** The file `checkpoints.safetensors` as earlier versions wrote it: a tensor `step_N` `[parameters]` for each. */
export function writeCheckpoints({ fingerprint, planned, kept }: Checkpoints): Uint8Array {
  const tensors = kept.map(
    ({ step, parameters }) => [`step_${step}`, storedTensor(parameters, [parameters.length])] as const
  )
  return writeSafetensors(new Map(tensors), {
    format: 'moescope.checkpoints/1',
    fingerprint,
    planned: JSON.stringify(planned)
  })
}
