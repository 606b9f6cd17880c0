import { FormatError } from '../formats/format-error'
import type { Tokenizer } from './tokenizer'

/**
 * A tokenizer for a model of which only token ids are known: it has no text, and the text of a token is its number.
 * @param size of the vocabulary
 */
export function idTokenizer(size: number): Tokenizer {
  const tokenText = (id: number) => {
    if (Number.isInteger(id) && id >= 0 && id < size) return `[${id}]`
    throw new RangeError(`Token id ${id} is outside the vocabulary of ${size} tokens`)
  }
  return {
    size,
    opening: new Int32Array(),
    tokenText,
    unknownCharacters: (text) => [...new Set(text)],
    encode(text) {
      if (text === '') return new Int32Array()
      throw new RangeError('The model has no tokenizer.json: it reads token ids, and no text')
    },
    decode: (ids) => Array.from(ids, tokenText).join(''),
    files: () => ({})
  }
}

/**
 * A tokenizer with as many tokens as a model's embedding has rows. Large models fill their embeddings to a multiple of 64
 * or 128; the text of such a row is its number. Throws a `FormatError` for a tokenizer of another model: with more tokens
 * than rows, or with far fewer.
 */
export function fitTokenizer(tokenizer: Tokenizer, rows: number): Tokenizer {
  const padding = rows - tokenizer.size
  if (padding === 0) return tokenizer
  const isPadded = (rows % multiple === 0 && padding < multiple) || padding <= mostPadding * rows
  if (padding < 0 || !isPadded) {
    throw new FormatError(`tokenizer.json has ${tokenizer.size} tokens, but config.json says vocab_size ${rows}`)
  }
  const others = idTokenizer(rows)
  const tokenText = (id: number) => (id < tokenizer.size ? tokenizer : others).tokenText(id)
  return {
    ...tokenizer,
    size: rows,
    tokenText,
    decode(ids) {
      const all = [...ids]
      return all.every((id) => id < tokenizer.size) ? tokenizer.decode(all) : all.map(tokenText).join('')
    }
  }
}

const multiple = 64

/** A share of the rows: gpt-oss has 0.5 %, Qwen2.5 0.2 %. */
const mostPadding = 0.01
