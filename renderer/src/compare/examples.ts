import { type DomainId, domains, examplePrompts, type World, worldOf } from '@core/corpus'
import { currentCorpus, generatedText, type TrainingCorpus } from '@core/formats/training-report'
import type { AppState } from '../state/app-state'

/** Worlds by their specs: making one takes as long as a frame. */
const worlds = new Map<string, World>()

/** The world of a corpus; that of the shipped models where none is known, or a user's text is all of it. */
export function worldOfCorpus(corpus: TrainingCorpus = currentCorpus): World {
  const text = generatedText(corpus) ?? currentCorpus
  const key = JSON.stringify(text.world)
  const world = worlds.get(key) ?? worldOf(text)
  worlds.set(key, world)
  return world
}

/** The corpus that examples are from: that of the right model, of the left where it tells none. */
export function exampleCorpus({ library, choices }: Pick<AppState, 'library' | 'choices'>): TrainingCorpus | undefined {
  const corpusOf = (id: string) => library?.models.find((model) => model.id === id)?.corpus
  return corpusOf(choices.right) ?? corpusOf(choices.left)
}

export interface DomainExamples {
  readonly id: DomainId
  readonly title: string
  readonly tests: string
  readonly prompts: readonly string[]
}

const examples = new WeakMap<World, readonly DomainExamples[]>()

/** Some beginnings of documents of a world for each domain that asks for something. */
export function exampleDomains(world: World = worldOfCorpus()): readonly DomainExamples[] {
  const known = examples.get(world)
  if (known) return known
  const found = domains.map(({ id, title, tests }) => ({ id, title, tests, prompts: examplePrompts(world, id, 4) }))
  examples.set(world, found)
  return found
}

/** The domain whose documents begin like this prompt; undefined for a prompt of another kind. */
export function domainOfPrompt(prompt: string, world?: World): DomainExamples | undefined {
  return exampleDomains(world).find(({ prompts }) => prompts.includes(prompt))
}

/** The first example of the domain that follows that of a prompt; the first of all for a prompt of one's own. */
export function exampleAfter(prompt: string, world?: World): string {
  const all = exampleDomains(world)
  const domain = domainOfPrompt(prompt, world)
  const next = all[domain ? (all.indexOf(domain) + 1) % all.length : 0]
  return next?.prompts[0] ?? prompt
}
