/** A text of the user's as the models of this vocabulary read it. */
import { FormatError } from '../formats/format-error'
import { vocabularyOf } from '../tokenizers/tokenizer'
import { ownDomain, textDomainIds } from './domain-ids'
import type { Text } from './generate'
import { tokenizer } from './tokenizer'

/** A text that is ready to be learnt, and what was done to it. */
export interface OwnText {
  /** One document a line, of known characters alone. It is the same text when it is read again. */
  readonly text: string
  readonly documents: number
  /** Characters that are trained on, and those that are kept for validation. */
  readonly training: number
  readonly validation: number
  /** Characters that are read as others: capitals as small letters, letters without their accents. */
  readonly changed: number
  /** Characters that are left out, and how often they occur; the most frequent first. */
  readonly leftOut: readonly { readonly character: string; readonly count: number }[]
}

/** Most bytes of a text: as many characters as the shipped models' corpus has. */
export const mostTextBytes = 10_000_000

/**
 * Reads a text: UTF-8, in documents that blank lines separate or, where there are none, in lines. Throws a `FormatError`
 * that says what was found for what is no text, is too long, or has fewer than two documents or different characters.
 *
 * @param name of the file, for messages
 */
export function readOwnText(content: Uint8Array, name: string): OwnText {
  requireTextSize(content.length, name)
  const { text, changed, leftOut } = readable(decoded(content, name))
  const documents = documentsOf(text)
  if (documents.length === 0) throw new FormatError(`${name} has no character that the models know`)
  const written = `${documents.join('\n')}\n`
  const distinct = new Set(documents.join(''))
  if (distinct.size === 1) {
    const [only = ''] = distinct
    throw new FormatError(`${name} consists of the character '${only}' alone: there is nothing to learn`)
  }
  if (documents.length === 1) {
    throw new FormatError(
      `${name} is one document, and one in ten is kept for validation: separate documents by blank lines`
    )
  }
  const { training, validation } = splitOwnText(written)
  return {
    text: written,
    documents: documents.length,
    training: training.tokens.length,
    validation: validation.tokens.length,
    changed,
    leftOut
  }
}

/** Throws a `FormatError` for a file that is longer than a text may be: it need not be read to be refused. */
export function requireTextSize(bytes: number, name: string): void {
  if (bytes <= mostTextBytes) return
  const megabytes = (of: number) => `${Math.ceil(of / 1e6)} MB`
  throw new FormatError(
    `${name} has ${megabytes(bytes)}, and up to ${megabytes(mostTextBytes)} are read: take a part of it`
  )
}

/**
 * The two parts of a text as `readOwnText` gives it: every tenth document is kept for validation, or the last where
 * there are fewer.
 */
export function splitOwnText(text: string): { readonly training: Text; readonly validation: Text } {
  const documents = text.split('\n').slice(0, -1)
  const isKept = (i: number) =>
    documents.length < keptEvery ? i === documents.length - 1 : i % keptEvery === keptEvery - 1
  return {
    training: textOf(documents.filter((_, i) => !isKept(i))),
    validation: textOf(documents.filter((_, i) => isKept(i)))
  }
}

const keptEvery = 10

/** The reason for which a text has no window of so many characters to train on or to validate with, if it has none. */
export function whyTooShort(
  { training, validation }: Pick<OwnText, 'training' | 'validation'>,
  context: number
): string | undefined {
  if (Math.min(training, validation) > context) return undefined
  return `the text has ${training} characters to train on and ${validation} for validation, and a window has ${context}: give more text or choose a shorter context`
}

function textOf(documents: readonly string[]): Text {
  const tokens = Uint8Array.from(tokenizer.encode(documents.map((document) => `${document}\n`).join('')))
  let end = 0
  const documentStarts = Int32Array.from(documents, ({ length }) => (end += length + 1) - length - 1)
  return { tokens, domains: new Uint8Array(tokens.length).fill(textDomainIds.indexOf(ownDomain)), documentStarts }
}

function decoded(content: Uint8Array, name: string): string {
  // Text has no such byte; a file of another kind has one early.
  if (content.includes(0)) throw new FormatError(`${name} is no text: it holds the byte 0`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new FormatError(`${name} is no text in UTF-8: save it in that encoding`, { cause: error })
  }
}

const space = /[\t\v\f\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu
const lineEnd = /\r\n?|[\u0085\u2028\u2029]/gu
const dashes = /[\u2010-\u2015\u2212]/gu

/** The text in known characters. */
function readable(raw: string): Pick<OwnText, 'text' | 'changed' | 'leftOut'> {
  const counts = new Map<string, number>()
  const known = new Map<string, string>()
  let changed = 0
  const alphabet = vocabularyOf(tokenizer).map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
  const strange = new RegExp(`[^${alphabet.join('')}]`, 'gu')
  const text = raw
    .replace(/^\ufeff/, '')
    .replaceAll(lineEnd, '\n')
    .replaceAll(space, ' ')
    .replaceAll(strange, (character) => {
      const read = known.get(character) ?? readAs(character)
      known.set(character, read)
      if (read === '') counts.set(character, (counts.get(character) ?? 0) + 1)
      else changed++
      return read
    })
  const leftOut = [...counts].map(([character, count]) => ({ character, count })).sort((a, b) => b.count - a.count)
  return { text, changed, leftOut }
}

/** The known characters that a character is read as; none where it is left out. */
function readAs(character: string): string {
  const plain = character.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll(dashes, '-').toLowerCase()
  return tokenizer.unknownCharacters(plain).length > 0 ? '' : plain
}

/** Paragraphs with their lines joined, or lines where no line is blank. */
function documentsOf(text: string): string[] {
  const paragraphs = text.split(/\n[ \n]*\n/)
  const documents = paragraphs.length > 1 ? paragraphs : text.split('\n')
  return documents.map((document) => document.replaceAll(/ *\n */g, ' ').trim()).filter((document) => document !== '')
}
