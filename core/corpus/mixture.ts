import { type DomainId, domainIds } from './domain-ids'
import { domains } from './domains'
import { type Domain } from './domains/domain'
import { currentEdition, editions } from './edition'
import type { World } from './world'

/** Shares of characters by domain; only their ratios matter. */
export type Shares = Readonly<Partial<Record<DomainId, number>>>

/** The shares of the current edition. */
export const defaultShares: Readonly<Record<DomainId, number>> = editions[currentEdition].shares

/** A domain that takes part in a corpus. */
export interface MixturePart {
  readonly domain: Domain
  /** Index of the domain in `domainIds`. */
  readonly index: number
  /** Probability that a document is of this domain. */
  readonly probability: number
  /** Information of the choice of this domain, in nats; 0 when there is no other. */
  readonly choiceNats: number
  /** Expected information of a document, with the choice of its domain, in nats. */
  readonly nats: number
  /** Expected length of a document, in characters. */
  readonly characters: number
}

/**
 * The domains with a share above 0, in fixed order, and how often documents of each occur. Shares are shares of
 * characters, so a domain of short documents has more of them: probability is proportional to share / length.
 * Throws a RangeError when a share is negative or not finite, or when all are 0.
 */
export function createMixture(world: World, shares: Shares): MixturePart[] {
  for (const id of domainIds) {
    const share = shares[id] ?? 0
    if (!(share >= 0 && share < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`Share of domain '${id}' is ${share}; choose a number of 0 or more`)
    }
  }
  const parts = domains.flatMap((domain, index) => {
    const share = shares[domain.id] ?? 0
    if (share === 0) return []
    const entropy = domain.entropy(world)
    return [{ domain, index, entropy, weight: share / entropy.characters }]
  })
  if (parts.length === 0) throw new RangeError('The shares of all domains are 0; give at least one a share above 0')
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  return parts.map(({ domain, index, entropy, weight }) => {
    const probability = weight / total
    // The choice of the only domain is certain: 0, not -0.
    const choiceNats = parts.length === 1 ? 0 : -Math.log(probability)
    return { domain, index, probability, choiceNats, nats: entropy.nats + choiceNats, characters: entropy.characters }
  })
}

/** Shares of a corpus of one domain. */
export function onlyDomain(id: DomainId): Shares {
  return { [id]: 1 }
}
