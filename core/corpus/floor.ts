import type { DomainId } from './domain-ids'
import { editions } from './edition'
import { createMixture, type Shares } from './mixture'
import type { World } from './world'

/** The entropy of a corpus for who knows its world and its grammars, in nats per character. */
export interface Floor {
  readonly total: number
  /** By domain, for those that occur. The choice of the domain counts with the document that it begins. */
  readonly domains: Readonly<Partial<Record<DomainId, number>>>
}

/**
 * The exact floor of a corpus, from the closed forms of its domains. Documents are independent and their probabilities
 * are those of their texts, so no model, whatever its size, has a smaller expected loss over whole documents.
 *
 * It is a floor of the loss over whole documents: a window that skips the first character of a document, which is
 * dear, or cuts its end, which is cheap, has a minimum of its own. `validationWindows` counts whole documents only.
 */
export function corpusFloor(world: World, shares: Shares = editions[world.edition].shares): Floor {
  const mixture = createMixture(world, shares)
  const expected = (value: (part: (typeof mixture)[number]) => number) =>
    mixture.reduce((sum, part) => sum + part.probability * value(part), 0)
  return {
    total: expected((part) => part.nats) / expected((part) => part.characters),
    domains: Object.fromEntries(mixture.map(({ domain, nats, characters }) => [domain.id, nats / characters]))
  }
}
