import { FormatError } from '../formats/format-error'
import { characterLevel } from './character'
import type { TokenizerKind } from './kind'
import type { Tokenizer } from './tokenizer'

/** Every kind of tokenizer; the first that a file fits opens it. */
const kinds: readonly (() => Promise<TokenizerKind>)[] = [
  async () => characterLevel,
  // Only for who opens one: the library is of 36 kB.
  async () => (await import('./subword')).subwordLevel
]

/**
 * The tokenizer of a parsed Hugging Face `tokenizer.json`. Rejects with a `FormatError` that says which kinds are supported
 * and what was found instead.
 */
export async function openTokenizer(json: unknown): Promise<Tokenizer> {
  const refusals: string[] = []
  const names: string[] = []
  for (const load of kinds) {
    const { name, definition, open } = await load()
    const opened = open(json)
    if (typeof opened !== 'string') return opened
    names.push(name)
    refusals.push(`${definition}; found ${opened}`)
  }
  throw new FormatError(`tokenizer.json: only ${names.join(' and ')} are supported (${refusals.join('. Or: ')})`)
}
