import { firstAbove } from '../first-above'
import { createRandom } from '../random'
import { createChoices, randomDraws } from './choices'
import { type DomainId, domainIds } from './domain-ids'
import { editions } from './edition'
import { createMixture, onlyDomain, type Shares } from './mixture'
import { tokenizer } from './tokenizer'
import type { World } from './world'

/** Which documents: those of the two splits are drawn independently of each other, from the same world. */
export type Split = 'train' | 'validation'

export interface DocumentsOptions {
  readonly world: World
  readonly seed: number
  readonly split: Split
  /** Shares of characters by domain; those of the world's edition when absent. */
  readonly shares?: Shares
  /** Only this domain, whatever the shares. */
  readonly domain?: DomainId
}

export interface CorpusOptions extends DocumentsOptions {
  /** Least number of characters; the corpus ends with the document that reaches it. */
  readonly characters: number
}

/** One line of the corpus. */
export interface GeneratedDocument {
  /** With its final newline. */
  readonly text: string
  /** Index of its domain in `domainIds`. */
  readonly domain: number
  /** Its exact -log probability in the corpus, with the choice of its domain, in nats. */
  readonly nats: number
}

/** Text as token ids, one per character. */
export interface Text {
  /** Token ids of `tokenizer`, [characters]. */
  readonly tokens: Uint8Array
  /** Index in `textDomainIds` of the domain that each character belongs to, [characters]. */
  readonly domains: Uint8Array
  /** Position of the first character of each document, increasing from 0. */
  readonly documentStarts: Int32Array
}

/** Generated text, and what is known about it. */
export interface Corpus extends Text {
  /** Information drawn for the documents of each domain, with the choice of the domain, in nats; [domains]. */
  readonly nats: Float64Array
  /** Characters of each domain, [domains]. */
  readonly characters: Float64Array
}

/** No document of any world comes near it, in characters: the buffers need no more room than this at their end. */
const longestDocument = 256
/** Documents that become tokens together. */
const documentsAtOnce = 1000
/** Positions are 32-bit integers. */
const maxCharacters = 2 ** 31 - 1 - longestDocument

/** Documents without end. The same options give the same documents. */
export function* documents(options: DocumentsOptions): Generator<GeneratedDocument, never> {
  const { world, seed, split, domain } = options
  const mixture = createMixture(world, domain ? onlyDomain(domain) : (options.shares ?? editions[world.edition].shares))
  const random = createRandom(seed, `corpus/${split}`)
  const choices = createChoices(randomDraws(random))
  let sum = 0
  const cumulative = mixture.map(({ probability }) => (sum += probability))
  while (true) {
    const part = mixture[firstAbove(cumulative, random.uniform())]
    if (!part) throw new RangeError('The mixture of domains is empty')
    const before = choices.nats
    const text = `${part.domain.write(choices, world)}\n`
    yield { text, domain: part.index, nats: choices.nats - before + part.choiceNats }
  }
}

/** Generates a corpus of at least so many characters, in whole documents. Throws a RangeError for another number. */
export function generateCorpus(options: CorpusOptions): Corpus {
  if (!Number.isInteger(options.characters) || options.characters < 1 || options.characters > maxCharacters) {
    throw new RangeError(
      `Corpus: characters is ${options.characters}; choose a whole number from 1 to ${maxCharacters}`
    )
  }
  const tokens = new Uint8Array(options.characters + longestDocument)
  const domains = new Uint8Array(options.characters + longestDocument)
  const documentStarts: number[] = []
  const nats = new Float64Array(domainIds.length)
  const characters = new Float64Array(domainIds.length)
  let length = 0
  /** Documents whose tokens are not written yet: many at once take a third of the time that each alone takes. */
  let texts: string[] = []
  let encoded = 0
  const encode = () => {
    const ids = tokenizer.encode(texts.join(''))
    tokens.set(ids, encoded)
    encoded += ids.length
    texts = []
  }
  for (const document of documents(options)) {
    const { text, domain } = document
    const end = length + text.length
    texts.push(text)
    if (texts.length === documentsAtOnce) encode()
    domains.fill(domain, length, end)
    documentStarts.push(length)
    nats[domain] = (nats[domain] ?? 0) + document.nats
    characters[domain] = (characters[domain] ?? 0) + text.length
    length = end
    if (length >= options.characters) break
  }
  encode()
  return {
    tokens: tokens.slice(0, length),
    domains: domains.slice(0, length),
    documentStarts: Int32Array.from(documentStarts),
    nats,
    characters
  }
}
