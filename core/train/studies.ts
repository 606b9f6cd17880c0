/** Trainings that answer a question of scaling. Their reports alone are kept: no screen runs these models. */
import { trainFlopsPerToken } from '../arch/count/count'
import { denseArchitecture } from '../arch/presets'
import type { Edition } from '../corpus'
import { tokenizer } from '../corpus'
import { type CorpusSpec, currentCorpus, inEdition, recipeSchema } from '../formats/training-report'
import type { TrainingPlan } from './fingerprint'
import { usualLearningRate } from './learning-rates'

export const studyIds = ['iso-flop', 'repeated-text'] as const

export type StudyId = (typeof studyIds)[number]

export interface StudyRun extends TrainingPlan {
  readonly study: StudyId
  readonly corpus: CorpusSpec
  /** Its own among the runs of its study. */
  readonly id: string
}

/**
 * Training budgets in FLOPs, forward and backward, and the widths that share each: two below and two above the size that
 * is expected to be best.
 */
const budgets: readonly (readonly [flops: number, widths: readonly number[]])[] = [
  [3e11, [16, 24, 32, 48, 64]],
  [1e12, [24, 32, 48, 64, 96]],
  [3e12, [32, 48, 64, 96, 128]]
]

/** Characters of a text that is read forty times. */
const repeated = { text: 100_000, read: 4_000_000, widths: [24, 32, 48, 64, 96, 128] } as const

/**
 * The runs of both studies by the edition of the corpus.
 *
 * - `iso-flop`: dense models of several widths, each trained on as much text as a budget pays for (Hoffmann et al. 2022,
 *   "Training Compute-Optimal Large Language Models", section 3.2);
 * - `repeated-text`: dense models of the same widths as the family, on a small text that they read again and again, with
 *   validation on text that they have not seen.
 */
export const studies: Readonly<Record<Edition, readonly StudyRun[]>> = { 1: [], 2: studyRuns(2) }

function studyRuns(edition: Edition): readonly StudyRun[] {
  const corpus = inEdition(currentCorpus, edition)
  return [
    ...budgets.flatMap(([flops, widths]) =>
      widths.map((width): StudyRun => {
        const plan = dense(width, (perCharacter) => Math.round(flops / perCharacter))
        return { study: 'iso-flop', id: `${flops.toExponential().replace('+', '')}-dense-${width}`, corpus, ...plan }
      })
    ),
    ...repeated.widths.map((width): StudyRun => {
      const plan = dense(width, () => repeated.read)
      return { study: 'repeated-text', id: `dense-${width}`, corpus: { ...corpus, characters: repeated.text }, ...plan }
    })
  ]
}

/** @param characters to train on, from the FLOPs that one costs */
function dense(
  width: number,
  characters: (flopsPerCharacter: number) => number
): Pick<TrainingPlan, 'architecture' | 'recipe'> {
  const architecture = denseArchitecture({ width, vocabularySize: tokenizer.size })
  const recipe = { learning_rate: usualLearningRate(width), characters: characters(trainFlopsPerToken(architecture)) }
  return { architecture, recipe: recipeSchema.parse(recipe) }
}
