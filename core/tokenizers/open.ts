import { FormatError } from '../formats/format-error'
import { characterLevel } from './character'
import type { TokenizerKind } from './kind'
import type { Tokenizer } from './tokenizer'

/** Every kind of tokenizer; the first that a file fits opens it. */
const kinds: readonly TokenizerKind[] = [characterLevel]

/**
 * The tokenizer of a parsed Hugging Face `tokenizer.json`. Throws a `FormatError` that says which kinds are supported
 * and what was found instead.
 */
export function openTokenizer(json: unknown): Tokenizer {
  const refusals: string[] = []
  for (const { definition, open } of kinds) {
    const opened = open(json)
    if (typeof opened !== 'string') return opened
    refusals.push(`${definition}; found ${opened}`)
  }
  const names = kinds.map(({ name }) => name).join(' and ')
  throw new FormatError(`tokenizer.json: only ${names} are supported (${refusals.join('. Or: ')})`)
}
