/** Choices are about the shipped models, and those are trained anew with an edition of the generated corpus. */
import { currentEdition, type Edition } from '@core/corpus/edition'
import { generatedText, type TrainingCorpus } from '@core/formats/training-report'
import { z } from 'zod'

/** The edition that the shipped models were trained on when choices were saved. */
export const editionSchema = z.literal([1, 2]) satisfies z.ZodType<Edition>

/**
 * A sentence for choices of when the shipped models were of an earlier edition; undefined for those of today.
 * @param what holds the choices, e.g. `The link`
 */
export function earlierCorpusRemark(what: string, edition: Edition): string | undefined {
  if (edition >= currentEdition) return undefined
  return `${what} belongs to an earlier corpus: the models of today do not know its words.`
}

/** True of a model that was trained on generated text of an earlier edition than the shipped ones. */
export function isOfEarlierCorpus(corpus: TrainingCorpus | undefined): boolean {
  const text = corpus && generatedText(corpus)
  return text !== undefined && (text.world.edition ?? 1) < currentEdition
}
