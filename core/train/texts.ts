/** The texts of a training: what windows are drawn from, and what is validated on. */
import {
  consecutiveWindows,
  generateCorpus,
  specifiedDocuments,
  specifiedFloor,
  splitOwnText,
  type TextPart,
  validationWindows,
  type Windows
} from '../corpus'
import { type AnswerSpan, answerSpans } from '../evaluate/answers'
import type { CorpusSpec, TrainingCorpus, TrainingReport } from '../formats/training-report'

export interface TrainingTexts {
  readonly training: readonly TextPart[]
  /** Of each text, whose losses count by its share. */
  readonly validation: readonly ValidationText[]
  /** Absent where a text of the user's is among them. */
  readonly floor: TrainingReport['floor'] | undefined
}

export interface ValidationText {
  readonly windows: Windows
  /** The share of the training's windows that are of this text. */
  readonly share: number
  /** The answers of generated text; undefined for the user's, which asks nothing. */
  readonly answers: readonly AnswerSpan[] | undefined
}

/**
 * Generates and cuts the texts that a corpus asks for. Throws a `RangeError` for a text that is too short for a window.
 *
 * @param own the user's text, as `OwnText` has it, of a corpus that has one
 */
export function trainingTexts(corpus: TrainingCorpus, context: number, own: string | undefined): TrainingTexts {
  if (!('kind' in corpus)) {
    return { ...joined([generated(corpus, context, 1)]), floor: specifiedFloor(corpus) }
  }
  if (own === undefined) throw new RangeError("the training's own text is missing")
  const { beside } = corpus
  const rest = beside ? [generated(beside.corpus, context, 1 - beside.share)] : []
  return { ...joined([...rest, usersText(own, context, beside?.share ?? 1)]), floor: undefined }
}

type OneText = readonly [TextPart, ValidationText]

function joined(texts: readonly OneText[]): Pick<TrainingTexts, 'training' | 'validation'> {
  return { training: texts.map(([part]) => part), validation: texts.map(([, validation]) => validation) }
}

function generated(spec: CorpusSpec, context: number, share: number): OneText {
  const documents = specifiedDocuments(spec)
  const text = generateCorpus({ ...documents, split: 'train', characters: spec.characters })
  const kept = generateCorpus({ ...documents, split: 'validation', characters: spec.validation_characters })
  const windows = validationWindows(kept, context)
  return [
    { text, from: 'documents', share },
    { windows, share, answers: answerSpans(windows, documents.world) }
  ]
}

/** Its paragraphs are longer than a window: windows begin anywhere, and validation goes through all of it. */
function usersText(own: string, context: number, share: number): OneText {
  const { training, validation } = splitOwnText(own)
  return [
    { text: training, from: 'anywhere', share },
    { windows: consecutiveWindows(validation, context), share, answers: undefined }
  ]
}
