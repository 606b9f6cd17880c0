import type { Tokenizer } from './tokenizer'

/** A kind of tokenizer, known by the content of its `tokenizer.json`. */
export interface TokenizerKind {
  /** In the plural, for messages. */
  readonly name: string
  /** A `tokenizer.json` of this kind, in words. */
  readonly definition: string
  /** The tokenizer; where the value is not of this kind, in words what was found instead. */
  open(json: unknown): Tokenizer | string
}
