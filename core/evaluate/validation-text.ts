import type { Architecture } from '../arch/architecture'
import type { Windows } from '../corpus'
import { generateCorpus, specifiedDocuments, tokenizer, validationWindows } from '../corpus'
import type { Split } from '../corpus/generate'
import type { CorpusSpec, TrainingReport } from '../formats/training-report'
import { currentCorpus, generatedText } from '../formats/training-report'
import { sameVocabulary, type Tokenizer } from '../tokenizers/tokenizer'

/** The parts of a model that a measurement on its corpus needs; every `RunnableModel` is one. */
export interface CorpusModel {
  readonly id: string
  readonly architecture: Architecture
  readonly tokenizer: Tokenizer
  /** Says which corpus; without one it is that of the shipped models. */
  readonly report: Pick<TrainingReport, 'corpus'> | undefined
}

/**
 * So many characters of validation text of the corpus that a model was trained on, in windows of its context. Throws a
 * `RangeError` for a model with another tokenizer than the corpus, for one of a user's text alone, and for fewer
 * characters than a window needs.
 */
export function validationText(model: CorpusModel, characters: number): Windows {
  return corpusText(model, 'validation', characters)
}

/** The same of training text, for whatever looks at text before the loss is measured. Throws as `validationText`. */
export function calibrationText(model: CorpusModel, characters: number): Windows {
  return corpusText(model, 'train', characters)
}

function corpusText(
  { id, architecture, tokenizer: own, report }: CorpusModel,
  split: Split,
  characters: number
): Windows {
  if (!sameVocabulary(own, tokenizer)) {
    throw new RangeError(`model '${id}' has another tokenizer than the generated corpus and cannot be measured on it`)
  }
  if (report && !generatedText(report.corpus)) {
    throw new RangeError(`model '${id}' has learnt a user's text alone and cannot be measured on the generated corpus`)
  }
  const corpus = generateCorpus({ ...specifiedDocuments(corpusOf(report)), split, characters })
  return validationWindows(corpus, architecture.context)
}

/** The generated corpus that a model was trained on, by its report; that of the shipped models where there is none. */
export function corpusOf(report: Pick<TrainingReport, 'corpus'> | undefined): CorpusSpec {
  return (report && generatedText(report.corpus)) ?? currentCorpus
}
