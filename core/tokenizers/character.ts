import { characterFiles, readAlphabet } from './character-files'
import type { TokenizerKind } from './kind'
import type { Tokenizer } from './tokenizer'

/** A tokenizer whose tokens are the characters (Unicode code points) of an alphabet, each once, in the order of their ids. */
export function characterTokenizer(alphabet: readonly string[]): Tokenizer {
  const ids = new Map(alphabet.map((character, id) => [character.codePointAt(0) ?? 0, id]))
  /** Ids of the usual characters by code point, -1 for none: texts have millions, and a list is read faster than a map. */
  const usual = Int32Array.from({ length: 256 }, (_, point) => ids.get(point) ?? -1)
  const unknownCharacters = (text: string) =>
    [...new Set(text)].filter((character) => !ids.has(character.codePointAt(0) ?? 0))
  const tokenText = (id: number) => {
    const character = alphabet[id]
    if (character !== undefined) return character
    throw new RangeError(`Token id ${id} is outside the vocabulary of ${alphabet.length} characters`)
  }
  const newline = ids.get(10)
  return {
    size: alphabet.length,
    opening: Int32Array.from(newline === undefined ? [] : [newline]),
    unknownCharacters,
    tokenText,
    encode(text) {
      const encoded = new Int32Array(text.length)
      let length = 0
      for (let at = 0; at < text.length; at++) {
        const point = text.codePointAt(at) ?? 0
        // Characters beyond 16 bits take two places of a string.
        if (point > 0xffff) at++
        const id = usual[point] ?? ids.get(point) ?? -1
        if (id < 0) throw unknownError(unknownCharacters(text), alphabet)
        encoded[length++] = id
      }
      return encoded.subarray(0, length)
    },
    decode(encoded) {
      let text = ''
      for (const id of encoded) text += tokenText(id)
      return text
    },
    files: () => characterFiles(alphabet)
  }
}

/** Tokenizers of single characters. */
export const characterLevel: TokenizerKind = {
  name: 'character-level tokenizers',
  definition:
    'a BPE model of single characters without merges, special tokens, normalizer or post-processor, with a Fuse decoder',
  open: (json) => {
    const alphabet = readAlphabet(json)
    return typeof alphabet === 'string' ? alphabet : characterTokenizer(alphabet)
  }
}

function unknownError(unknown: readonly string[], alphabet: readonly string[]): RangeError {
  const quoted = (characters: readonly string[]) => characters.map((character) => JSON.stringify(character)).join(', ')
  return new RangeError(
    `Text has characters that the tokenizer does not know: ${quoted(unknown)}. It knows ${quoted(alphabet)}`
  )
}
