/** The generated languages, in the order of their indices in `Corpus.domains`, traces and figures. */
export const domainIds = ['fact', 'dict', 'book', 'arith', 'seq', 'brkt', 'var', 'engl'] as const

export type DomainId = (typeof domainIds)[number]
