/** Text to token ids and back, as a model reads and writes it. */
export interface Tokenizer {
  /** Number of tokens; their ids count from 0. */
  readonly size: number
  /** Tokens that stand before every text that a model reads; none where it begins with the text itself. */
  readonly opening: Int32Array
  /** Token ids of a text. Throws a `RangeError` that names the characters of `unknownCharacters`. */
  encode(text: string): Int32Array
  /** The text of token ids. Throws a `RangeError` for an id outside the vocabulary. */
  decode(ids: Iterable<number>): string
  /** The text of one token, as a text has it in its midst. Throws a `RangeError` for an id outside the vocabulary. */
  tokenText(id: number): string
  /** The different characters of a text that cannot be encoded, in the order of their appearance. */
  unknownCharacters(text: string): string[]
  /** Its files in the folder of a checkpoint, as JSON values by name; `openTokenizer` reads `tokenizer.json` back. */
  files(): Readonly<Partial<Record<'tokenizer.json' | 'tokenizer_config.json', unknown>>>
}

/** The texts of all tokens, by id. */
export function vocabularyOf(tokenizer: Tokenizer): string[] {
  return Array.from({ length: tokenizer.size }, (_, id) => tokenizer.tokenText(id))
}

/** True when every token id stands for the same text in both. */
export function sameVocabulary(one: Tokenizer, other: Tokenizer): boolean {
  return one.size === other.size && vocabularyOf(one).every((text, id) => text === other.tokenText(id))
}

/** Throws a `RangeError` that names the text and the model for characters that a tokenizer does not know. */
export function requireKnown(
  tokenizer: Tokenizer,
  text: string,
  of: { readonly source: string; readonly model: string }
) {
  const unknown = tokenizer.unknownCharacters(text)
  if (unknown.length === 0) return
  const named = unknown.slice(0, 8).map((character) => JSON.stringify(character))
  throw new RangeError(`${of.source} has characters that model '${of.model}' does not know: ${named.join(', ')}`)
}
