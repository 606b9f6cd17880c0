/** The generated languages, in the order of their indices in `Corpus.domains`, traces and figures. */
export const domainIds = ['fact', 'dict', 'book', 'arith', 'seq', 'brkt', 'var', 'engl'] as const

export type DomainId = (typeof domainIds)[number]

/** The domain of a text of the user's. */
export const ownDomain = 'own'

/** Every domain that a text may be of: the generated ones, in their order, and the user's own. */
export const textDomainIds = [...domainIds, ownDomain] as const

export type TextDomainId = (typeof textDomainIds)[number]
