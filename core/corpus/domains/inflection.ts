/** The little English grammar that the sentences need. */

export const grammaticalNumbers = ['singular', 'plural'] as const

/** The number of a noun phrase. */
export type GrammaticalNumber = (typeof grammaticalNumbers)[number]

/** A noun in a number: `cats`, `children`. */
export function inflectNoun(noun: string, number: GrammaticalNumber): string {
  if (number === 'singular') return noun
  return noun === 'child' ? 'children' : `${noun}s`
}

/** A verb that agrees with its subject: `sees`, `do not see`. */
export function inflectVerb(verb: string, number: GrammaticalNumber, negative: boolean): string {
  if (negative) return `${number === 'plural' ? 'do' : 'does'} not ${verb}`
  if (number === 'plural') return verb
  if (verb === 'carry') return 'carries'
  return /[sc]h$/.test(verb) ? `${verb}es` : `${verb}s`
}

/** A determiner before the rest of its noun phrase: `an apple` for `a`. */
export function withArticle(determiner: string, rest: string): string {
  return `${determiner === 'a' && startsWithVowel(rest) ? 'an' : determiner} ${rest}`
}

export function startsWithVowel(word: string): boolean {
  return /^[aeiou]/.test(word)
}
