/** A run between two steps as one safetensors file, so that an interrupted training resumes bit for bit. */
import { z } from 'zod'
import { FormatError } from '../formats/format-error'
import { parseJson } from '../formats/json'
import { parsedBy } from '../formats/problems'
import { float32Of, readSafetensors, storedTensor, writeSafetensors } from '../formats/safetensors'
import { validationPointSchema } from '../formats/training-report'
import { planOf, type TrainingPlan } from './fingerprint'
import type { SavedRun } from './run'

const progressSchema = z.object({
  step: z.int().nonnegative(),
  seconds: z.number(),
  training_loss: z.array(z.tuple([z.int(), z.number()])),
  open_stretch: z.object({ sum: z.number(), count: z.int().nonnegative() }),
  curve: z.array(validationPointSchema)
})

type Progress = z.infer<typeof progressSchema>

/**
 * Bytes of a saved run: a tensor `parameters`, one for each vector of the optimiser, under its name, and `mask` where
 * some parameters stay 0.
 * @param fingerprint says what is trained and how; a run resumes only under the same
 */
export function writeSavedRun(
  { state, seconds, trainingLoss, openStretch, curve }: SavedRun,
  fingerprint: string
): Uint8Array {
  const tensors = new Map(
    Object.entries({ parameters: state.parameters, ...state.optimiser, ...maskOf(state) }).map(([name, vector]) => [
      name,
      storedTensor(vector, [vector.length])
    ])
  )
  const progress = { step: state.step, seconds, training_loss: trainingLoss, open_stretch: openStretch, curve }
  return writeSafetensors(tensors, {
    format: 'moescope.training-run/1',
    fingerprint,
    progress: JSON.stringify(progress)
  })
}

/** The progress of a saved run, and the plan under which it goes on. Throws a `FormatError` when it is damaged. */
export function savedProgress(bytes: Uint8Array): { readonly plan: TrainingPlan } & Progress {
  const { metadata } = readSafetensors(bytes)
  return { plan: planOf(metadata.fingerprint ?? ''), ...progressOf(metadata) }
}

/** Reads a saved run; throws a `FormatError` when it is damaged or was made under another fingerprint. */
export function readSavedRun(bytes: Uint8Array, fingerprint: string): SavedRun {
  const { metadata, tensors } = readSafetensors(bytes)
  if (metadata.format !== 'moescope.training-run/1')
    throw new FormatError('this is no saved training of this version of Moescope')
  if (metadata.fingerprint !== fingerprint) {
    throw new FormatError('the saved run was made with another architecture, corpus or recipe; choose another folder')
  }
  const progress = progressOf(metadata)
  const { parameters, mask, ...optimiser } = Object.fromEntries(
    Array.from(tensors, ([name, tensor]) => [name, float32Of(tensor, name).slice()])
  )
  if (!parameters) throw new FormatError("the saved run has no tensor 'parameters'")
  return {
    state: { step: progress.step, parameters, optimiser, ...maskOf({ mask }) },
    seconds: progress.seconds,
    trainingLoss: progress.training_loss,
    openStretch: progress.open_stretch,
    curve: progress.curve
  }
}

function maskOf({ mask }: { readonly mask?: Float32Array | undefined }): { readonly mask?: Float32Array } {
  return mask ? { mask } : {}
}

function progressOf({ progress = 'null' }: Readonly<Record<string, string>>): Progress {
  return parsedBy(
    progressSchema,
    parseJson(progress, 'the progress of the saved run'),
    'the progress of the saved run: '
  )
}
