import { type DomainId, domainIds } from '../domain-ids'
import { arith } from './arith'
import { book } from './book'
import { brkt } from './brkt'
import { dict } from './dict'
import { type Domain } from './domain'
import { engl } from './engl'
import { fact } from './fact'
import { seq } from './seq'
import { variable } from './var'

const byId: Readonly<Record<DomainId, Domain>> = { fact, dict, book, arith, seq, brkt, var: variable, engl }

/** All domains, in the fixed order of `domainIds`. */
export const domains: readonly Domain[] = domainIds.map((id) => byId[id])

/** The domains that ask for the world: fact, dict and book. */
export const memoryDomains: readonly DomainId[] = idsThatTest('memory')

/** The domains whose answers follow from the text before them: seq, brkt and var. */
export const computationDomains: readonly DomainId[] = idsThatTest('computation')

/** The domain with an id. */
export function domainOf(id: DomainId): Domain {
  return byId[id]
}

function idsThatTest(tests: Domain['tests']): DomainId[] {
  return domains.filter((domain) => domain.tests === tests).map(({ id }) => id)
}
