/** Fingerprint of a saved run: it is resumed only with the plan that it was begun with. */
import { z } from 'zod'
import type { Architecture } from '../arch/architecture'
import { readConfig } from '../arch/runnable'
import { writeConfig } from '../arch/write-config'
import { parseJson } from '../formats/json'
import { parsedBy } from '../formats/problems'
import {
  type Recipe,
  recipeSchema,
  type TrainingCorpus,
  type TrainingReport,
  trainingCorpusSchema,
  trainingReportSchema
} from '../formats/training-report'

/** Architecture, corpus and recipe, and the teacher where there is one. */
export interface TrainingPlan {
  readonly architecture: Architecture
  readonly corpus: TrainingCorpus
  readonly recipe: Recipe
  readonly teacher?: NonNullable<TrainingReport['teacher']>
}

export function fingerprintOf({ architecture, corpus, recipe, teacher }: TrainingPlan): string {
  return JSON.stringify({ config: writeConfig(architecture), corpus, recipe, teacher })
}

const place = 'the fingerprint of a training'

const fingerprintSchema = z.object({
  config: z.record(z.string(), z.unknown()),
  corpus: trainingCorpusSchema,
  recipe: recipeSchema,
  teacher: trainingReportSchema.shape.teacher
})

/** The plan that a fingerprint was made of. Throws a `FormatError` when it is none. */
export function planOf(fingerprint: string): TrainingPlan {
  const { config, ...plan } = parsedBy(fingerprintSchema, parseJson(fingerprint, place), `${place}: `)
  return { architecture: readConfig(config), ...plan }
}
