/** A tokenizer whose tokens are characters: ids count from 0 in the order of its alphabet. */
export interface CharacterTokenizer {
  /** Number of tokens. */
  readonly size: number
  /** The characters, in the order of their ids. */
  readonly alphabet: readonly string[]
  /** Token ids of a text. Throws a RangeError that names the characters it does not know. */
  encode(text: string): Int32Array
  /** The text of token ids. Throws a RangeError for an id outside the alphabet. */
  decode(ids: Iterable<number>): string
  /** The different characters of a text that are not in the alphabet, in the order of their appearance. */
  unknownCharacters(text: string): string[]
}

/** A tokenizer for an alphabet of different characters (Unicode code points). */
export function createCharacterTokenizer(alphabet: readonly string[]): CharacterTokenizer {
  const ids = new Map(alphabet.map((character, id) => [character, id]))
  const unknownCharacters = (text: string) => [...new Set(text)].filter((character) => !ids.has(character))
  return {
    size: alphabet.length,
    alphabet,
    unknownCharacters,
    encode(text) {
      const encoded = new Int32Array(text.length)
      let length = 0
      for (const character of text) {
        const id = ids.get(character)
        if (id === undefined) throw unknownError(unknownCharacters(text), alphabet)
        encoded[length++] = id
      }
      return encoded.subarray(0, length)
    },
    decode(encoded) {
      let text = ''
      for (const id of encoded) {
        const character = alphabet[id]
        if (character === undefined) {
          throw new RangeError(`Token id ${id} is outside the vocabulary of ${alphabet.length} characters`)
        }
        text += character
      }
      return text
    }
  }
}

/** The tokenizer of the corpus: the 55 characters that its grammars write, by code point, and no special tokens. */
export const tokenizer: CharacterTokenizer = createCharacterTokenizer([
  ...'\n ()+,-.0123456789:;<=>?[]abcdefghijklmnopqrstuvwxyz{|}'
])

export const { encode, decode, unknownCharacters } = tokenizer

function unknownError(unknown: readonly string[], alphabet: readonly string[]): RangeError {
  const quoted = (characters: readonly string[]) => characters.map((character) => JSON.stringify(character)).join(', ')
  return new RangeError(
    `Text has characters that the tokenizer does not know: ${quoted(unknown)}. It knows ${quoted(alphabet)}`
  )
}
