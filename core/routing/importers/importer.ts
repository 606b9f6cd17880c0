/** An importer: one file format of routing, told by its content, read with what the user must add to it. */
import type { ByteSource } from '../../formats/byte-source'
import type { FiledTensor } from '../../formats/filed-tensor'
import type { ParquetTable } from '../../formats/parquet'
import type { TorchFile } from '../../formats/torch-file'
import type { RoutingCounts, Trace } from '../trace'
import type { ArrayKind } from './array-kinds'

export type Routing = Trace | RoutingCounts

export interface Importer {
  /** Its name in options and messages of machines. */
  readonly format: string
  /** Its name for people. */
  readonly label: string
  /** Recognises the file by its beginning and the list of its arrays. */
  detect(file: Sniffed): Likeness
  /**
   * Reads what is needed to know what must be asked. Rejects with a `FormatError` that names the field when the file is
   * damaged or contradicts itself.
   */
  read(file: Sniffed, options: ReadOptions): Promise<Readable>
}

export type Likeness = 'certain' | 'possible' | 'no'

/** Facts of a file before its format is known. */
export interface Sniffed {
  readonly source: ByteSource
  readonly content: SniffedContent
}

export type SniffedContent =
  | {
      readonly kind: 'arrays'
      readonly container: 'safetensors' | '.npy' | '.npz' | '.pt' | 'JSON'
      /** In the order of the file. */
      readonly tensors: readonly FiledTensor[]
      /** Of all tensors. */
      readonly kinds: ReadonlyMap<FiledTensor, ArrayKind>
      /** Of safetensors; numbers and texts beside the arrays of pickles and JSON. */
      readonly metadata: Readonly<Record<string, string>>
    }
  /** A pickle of more than arrays: what SGLang and slime save. */
  | { readonly kind: 'torch'; readonly file: TorchFile }
  | { readonly kind: 'parquet'; readonly table: ParquetTable }
  /** Bytes of none of the containers: the first 256 KiB. */
  | { readonly kind: 'unknown'; readonly head: Uint8Array }
  /** Its first 256 KiB. */
  | { readonly kind: 'text'; readonly head: string }

export interface ReadOptions {
  /** Hears how far a long reading is, in bytes. */
  readonly progress?: ((done: number, total: number) => void) | undefined
  /** Stops a long reading: it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** A question about a file. */
export interface Asked {
  /** The fact that the file lacks. */
  readonly questions: readonly Question[]
  /** Its first rows as text, so that a person can tell whether it is read rightly. */
  readonly preview: string
}

/** A file of a known format. */
export interface Readable extends Asked {
  /**
   * The routing; questions that are not answered take their proposals, and notes say so. Rejects with an `AnswerError`
   * when one that is needed is not answered or an answer contradicts the file, and with a `FormatError` when the file
   * contradicts itself.
   */
  open(answers: Answers): Promise<Routing>
}

export type QuestionId = 'top-k' | 'layers' | 'experts' | 'gates' | 'axes' | 'dense-layers'

/** The questions of an importer. */
export interface Question {
  readonly id: QuestionId
  /** For people, without a question mark: "experts of each MoE layer". */
  readonly label: string
  /** A whole number of at least 1, or one of `choices`. */
  readonly kind: 'count' | 'choice'
  /** The likely answer; undefined where there is none. */
  readonly proposal: number | string | undefined
  /** The values that fit; a count without them may be any. */
  readonly choices?: readonly (number | string)[] | undefined
  /** True where the file cannot be opened without an answer. */
  readonly needed: boolean
}

export type Answers = Readonly<Partial<Record<QuestionId, number | string>>>

/** An answer is missing, or does not fit the file. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  /** All of the file, and its preview. */
  readonly questions: readonly Question[]
  readonly preview: string

  constructor(message: string, { questions, preview }: Asked) {
    super(message)
    this.questions = questions
    this.preview = preview
  }
}

/** The answer to a question, else its proposal. Throws an `AnswerError` for one that is missing or of the wrong kind. */
export function answerOf(id: QuestionId, answers: Answers, asked: Asked): { value: number | string; given: boolean } {
  const question = asked.questions.find((each) => each.id === id)
  const refuse = (problem: string) => new AnswerError(problem, asked)
  if (!question) throw new RangeError(`the question '${id}' was not asked`)
  const { label, kind, choices, proposal, needed } = question
  const given = answers[id]
  if (given === undefined) {
    if (needed || proposal === undefined) throw refuse(`${id} (${label}): the file does not say it`)
    return { value: proposal, given: false }
  }
  if (choices && !choices.includes(given)) throw refuse(`${id}: expected one of ${choices.join(', ')}, found ${given}`)
  if (kind === 'count' && !(typeof given === 'number' && Number.isSafeInteger(given) && given > 0)) {
    throw refuse(`${id}: expected a whole number of at least 1, found ${given}`)
  }
  return { value: given, given: true }
}

/** Throws the reason of a signal that has been given. */
export function throwIfStopped({ signal }: ReadOptions): void {
  signal?.throwIfAborted()
}
