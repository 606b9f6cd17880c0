/** A run between two steps as one safetensors file, so that an interrupted training resumes bit for bit. */
import { z } from 'zod'
import { FormatError } from '../formats/format-error'
import { parseJson } from '../formats/json'
import { parsedBy } from '../formats/problems'
import { float32Of, readSafetensors, storedTensor, writeSafetensors } from '../formats/safetensors'
import { validationPointSchema } from '../formats/training-report'
import type { SavedRun } from './run'

const progressSchema = z.object({
  step: z.int().nonnegative(),
  seconds: z.number(),
  training_loss: z.array(z.tuple([z.int(), z.number()])),
  open_stretch: z.object({ sum: z.number(), count: z.int().nonnegative() }),
  curve: z.array(validationPointSchema)
})

const names = { parameters: 'parameters', firstMoment: 'first_moment', secondMoment: 'second_moment' } as const

/**
 * Bytes of a saved run.
 * @param fingerprint says what is trained and how; a run resumes only under the same
 */
export function writeSavedRun(
  { state, seconds, trainingLoss, openStretch, curve }: SavedRun,
  fingerprint: string
): Uint8Array {
  const tensors = new Map(
    (['parameters', 'firstMoment', 'secondMoment'] as const).map((part) => [
      names[part],
      storedTensor(state[part], [state[part].length])
    ])
  )
  const progress = { step: state.step, seconds, training_loss: trainingLoss, open_stretch: openStretch, curve }
  return writeSafetensors(tensors, {
    format: 'moescope.training-run/1',
    fingerprint,
    progress: JSON.stringify(progress)
  })
}

/** Reads a saved run; throws a `FormatError` when it is damaged or was made under another fingerprint. */
export function readSavedRun(bytes: Uint8Array, fingerprint: string): SavedRun {
  const { metadata, tensors } = readSafetensors(bytes)
  if (metadata.format !== 'moescope.training-run/1')
    throw new FormatError('this is no saved training of this version of Moescope')
  if (metadata.fingerprint !== fingerprint) {
    throw new FormatError('the saved run was made with another architecture, corpus or recipe; choose another folder')
  }
  const saved = parseJson(metadata.progress ?? 'null', 'the progress of the saved run')
  const progress = parsedBy(progressSchema, saved, 'the progress of the saved run: ')
  const part = (name: string): Float32Array => {
    const found = tensors.get(name)
    if (!found) throw new FormatError(`the saved run has no tensor '${name}'`)
    return float32Of(found, name).slice()
  }
  return {
    state: {
      step: progress.step,
      parameters: part(names.parameters),
      firstMoment: part(names.firstMoment),
      secondMoment: part(names.secondMoment)
    },
    seconds: progress.seconds,
    trainingLoss: progress.training_loss,
    openStretch: progress.open_stretch,
    curve: progress.curve
  }
}
