import { createWorld, type DomainId, domains, examplePrompts } from '@core/corpus'

/** The world that the shipped models were trained on. */
export const world = createWorld()

export interface DomainExamples {
  readonly id: DomainId
  readonly title: string
  readonly tests: string
  readonly prompts: readonly string[]
}

/** Some beginnings of documents for each domain that asks for something. */
export const exampleDomains: readonly DomainExamples[] = domains.map(({ id, title, tests }) => ({
  id,
  title,
  tests,
  prompts: examplePrompts(world, id, 4)
}))

/** The domain whose documents begin like this prompt; undefined for a prompt of another kind. */
export function domainOfPrompt(prompt: string): DomainExamples | undefined {
  return exampleDomains.find(({ prompts }) => prompts.includes(prompt))
}

/** The first example of the domain that follows that of a prompt; the first of all for a prompt of one's own. */
export function exampleAfter(prompt: string): string {
  const domain = domainOfPrompt(prompt)
  const next = exampleDomains[domain ? (exampleDomains.indexOf(domain) + 1) % exampleDomains.length : 0]
  return next?.prompts[0] ?? prompt
}
