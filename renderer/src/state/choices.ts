import { z } from 'zod'
import { architectureChoicesSchema, defaultArchitectures, gradualArchitectureChoices } from '../architectures/choices'
import { compareChoicesSchema, gradualCompareChoices } from '../compare/choices'
import { compressChoicesSchema, defaultCompress } from '../compress/choices'
import { defaultLab, labChoicesSchema } from '../lab/choices'
import { defaultInspection, gradualInspectionChoices, inspectionChoicesSchema } from '../routing/choices'
import { defaultScaling, scalingAmounts, scalingChoicesSchema } from '../scaling/choices'
import { defaultStory, storyChoicesSchema } from '../stories/choices'
import { defaultSweep, gradualSweepChoices, sweepChoicesSchema } from '../sweeps/choices'

/** Views of the app. */
export const views = [
  'home',
  'compare',
  'trace',
  'lab',
  'sweep',
  'compress',
  'architectures',
  'scaling',
  'stories'
] as const

export type ViewId = (typeof views)[number]

/**
 * Everything the user chose to look at. It drives links, saved states and tests, so it holds nothing that a run computes
 * and nothing that belongs to the machine: that is in the settings.
 */
export const choicesSchema = z.object({
  view: z.enum(views).default('home'),
  ...compareChoicesSchema.shape,
  lab: labChoicesSchema.default(defaultLab),
  inspection: inspectionChoicesSchema.default(defaultInspection),
  sweep: sweepChoicesSchema.default(defaultSweep),
  compress: compressChoicesSchema.default(defaultCompress),
  architectures: architectureChoicesSchema.default(defaultArchitectures),
  scaling: scalingChoicesSchema.default(defaultScaling),
  story: storyChoicesSchema.default(defaultStory)
})

export type Choices = z.infer<typeof choicesSchema>

export const defaultChoices: Choices = choicesSchema.parse({})

/** Choices that are typed, dragged or walked through: many changes that are one to who makes them. */
export const gradualChoices: readonly string[] = [
  ...gradualCompareChoices,
  ...gradualInspectionChoices.map((key) => `inspection.${key}`),
  ...gradualSweepChoices.map((key) => `sweep.${key}`),
  ...gradualArchitectureChoices.map((key) => `architectures.${key}`),
  ...scalingAmounts.map((key) => `scaling.${key}`)
]
