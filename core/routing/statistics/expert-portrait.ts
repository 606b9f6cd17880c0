import { createRandom } from '../../random'
import { noExpert, type Trace } from '../trace'
import type { ExpertPlace, RoutingFilter } from './filter'
import { measure } from './measure'
import { randomCoActivation, randomOverlap } from './random-routing'
import { needs, type Pass, type Statistic, type Unavailable } from './statistic'
import type { PassOptions } from './stretches'
import { type TokenInContext, tokenInContext } from './token-window'

/** Tokens, ids, domains and partners of one expert. Shares of nothing are NaN. */
export interface ExpertPortrait extends ExpertPlace {
  /** Tokens that the filter takes, those of them that were sent to the expert, and those whose first choice it was. */
  readonly tokens: number
  readonly sent: number
  readonly sentFirst: number
  /** `sent` of the layer's assignments; random routing gives 1/E. */
  readonly load: number
  /** Tokens that it was the best choice of, the second best and so on: `[topK]`. */
  readonly byRank: Uint32Array
  /** Mean weight of its output for its tokens. */
  readonly meanWeight: number | Unavailable
  /** Its tokens with the largest weights, largest first. */
  readonly top: readonly PortraitToken[] | Unavailable
  /** Tokens drawn from all of its tokens, all alike likely, in the order of the trace. */
  readonly sample: readonly PortraitToken[]
  /** The ids that it gets most often. */
  readonly ids: readonly PortraitId[] | Unavailable
  readonly domains: readonly PortraitDomain[] | Unavailable
  /** The other experts that its tokens are sent to, most frequent first. */
  readonly partners: readonly { readonly expert: number; readonly tokens: number; readonly share: number }[]
  /** Random routing: `sent / tokens` (also of an id or a domain), `load` and the share of a partner. */
  readonly baselines: { readonly ofTokens: number; readonly load: number; readonly partner: number }
}

export interface PortraitToken extends TokenInContext {
  /** 0 where the expert was the token's best choice. */
  readonly rank: number
  readonly weight: number | undefined
  readonly domain: string | undefined
}

export interface PortraitId {
  readonly id: number
  /** Text of the token, where it is known. */
  readonly text: string | undefined
  /** Tokens with this id that were sent to the expert, and their share of the expert's tokens. */
  readonly tokens: number
  readonly share: number
  /** Share of the tokens with this id that were sent to the expert. */
  readonly ofId: number
}

export interface PortraitDomain {
  readonly domain: string
  /** Tokens of this domain that were sent to the expert, and their share of the expert's tokens. */
  readonly tokens: number
  readonly share: number
  /** Share of the domain's tokens that were sent to the expert. */
  readonly ofDomain: number
}

export interface PortraitOptions extends ExpertPlace, PassOptions {
  /** Its conditions on layers are not asked: a portrait is of one layer. */
  readonly filter?: RoutingFilter
  /** Tokens in `top` and `sample`, and entries in `ids`: 20 unless given. */
  readonly most?: number
  /** Tokens of the text on either side: 12 unless given. */
  readonly context?: number
  /** Of the sample. */
  readonly seed?: number
}

/** Draws the portrait of an expert in one pass over the trace. Rejects as `measure` does. */
export async function expertPortrait(trace: Trace, options: PortraitOptions): Promise<ExpertPortrait> {
  const { layer, expert, filter, most = 20, context = 12, seed = 0, ...pass } = options
  if (!(Number.isInteger(expert) && expert >= 0 && expert < trace.experts)) {
    throw new RangeError(`portrait: expected an expert from 0 to ${trace.experts - 1}, found ${expert}`)
  }
  const portrait = portraitOf({ layer, expert, most, context, seed })
  const measured = await measure(trace, { ...pass, statistics: { portrait }, filter: { ...filter, layers: [layer] } })
  return measured.portrait
}

type Wanted = ExpertPlace & Required<Pick<PortraitOptions, 'most' | 'context' | 'seed'>>

interface Sent {
  readonly token: number
  readonly rank: number
  readonly weight: number
}

function portraitOf(wanted: Wanted): Statistic<ExpertPortrait> {
  const { layer, expert, most } = wanted
  return {
    begin: (pass) => {
      const { experts, topK, tokenIds, domainIds, domains, has } = pass.trace
      const weighted = has.has('expertWeights')
      const byRank = new Uint32Array(topK)
      const partners = new Uint32Array(experts)
      const idCounts = new Map<number, Tally>()
      const domainCounts = domains.map((): Tally => ({ all: 0, sent: 0, example: 0 }))
      const top = largestWeights(most)
      const sample = reservoir(most, wanted.seed)
      let [tokens, sent, assignments, weights] = [0, 0, 0, 0]
      return {
        columns: weighted ? ['expertWeights'] : [],
        add: (stretch) => {
          tokens += stretch.count
          for (let i = 0; i < stretch.count; i++) {
            const token = stretch.tokens[i] ?? 0
            const start = i * topK
            let rank = -1
            for (let choice = 0; choice < topK; choice++) {
              const chosen = stretch.expertIds[start + choice] ?? noExpert
              if (chosen !== noExpert) assignments++
              if (chosen === expert) rank = choice
            }
            const here = rank >= 0
            if (tokenIds) count(tallyOf(idCounts, tokenIds[token] ?? 0), here, token)
            if (domainIds) count(domainCounts[domainIds[token] ?? 0], here, token)
            if (!here) continue
            sent++
            byRank[rank] = (byRank[rank] ?? 0) + 1
            for (let choice = start; choice < start + topK; choice++) {
              const other = stretch.expertIds[choice] ?? noExpert
              if (other !== noExpert && other !== expert) partners[other] = (partners[other] ?? 0) + 1
            }
            const weight = stretch.expertWeights[start + rank] ?? 0
            weights += weight
            sample.offer(token, rank, weight)
            if (weighted) top.offer(token, rank, weight)
          }
        },
        result: () => {
          const shown = (each: Sent) => shownToken(pass, wanted, each, weighted)
          return {
            layer,
            expert,
            tokens,
            sent,
            sentFirst: byRank[0] ?? 0,
            load: sent / assignments,
            byRank,
            meanWeight: weighted ? weights / sent : needs('the weights of the experts'),
            top: weighted ? top.kept.map(shown) : needs('the weights of the experts'),
            sample: [...sample.kept].sort((a, b) => a.token - b.token).map(shown),
            ids: tokenIds ? frequentIds(idCounts, sent, wanted.most, pass.trace.tokens) : needs('token ids'),
            domains: domainIds ? domainShares(domains, domainCounts, sent) : needs('the domain of each token'),
            partners: partnersOf(partners, sent),
            baselines: {
              ofTokens: randomOverlap(experts, topK),
              load: 1 / experts,
              partner: randomCoActivation(experts, topK)
            }
          }
        }
      }
    }
  }
}

/** Tokens of a kind: all of them, those that were sent to the expert, and one of those. */
interface Tally {
  all: number
  sent: number
  example: number
}

function tallyOf(tallies: Map<number, Tally>, id: number): Tally {
  const found = tallies.get(id)
  if (found) return found
  const created = { all: 0, sent: 0, example: 0 }
  tallies.set(id, created)
  return created
}

function count(tally: Tally | undefined, here: boolean, token: number): void {
  if (!tally) return
  tally.all++
  if (!here) return
  tally.sent++
  tally.example = token
}

function frequentIds(
  tallies: Map<number, Tally>,
  sent: number,
  most: number,
  texts: readonly string[] | undefined
): PortraitId[] {
  return [...tallies]
    .filter(([, tally]) => tally.sent > 0)
    .sort(([a, x], [b, y]) => y.sent - x.sent || a - b)
    .slice(0, most)
    .map(([id, tally]) => ({
      id,
      text: texts?.[tally.example],
      tokens: tally.sent,
      share: tally.sent / sent,
      ofId: tally.sent / tally.all
    }))
}

function domainShares(domains: readonly string[], tallies: readonly Tally[], sent: number): PortraitDomain[] {
  return tallies.map((tally, i) => ({
    domain: domains[i] ?? '',
    tokens: tally.sent,
    share: tally.sent / sent,
    ofDomain: tally.sent / tally.all
  }))
}

function partnersOf(partners: Uint32Array, sent: number): ExpertPortrait['partners'] {
  return Array.from(partners, (tokens, expert) => ({ expert, tokens, share: tokens / sent }))
    .filter(({ tokens }) => tokens > 0)
    .sort((a, b) => b.tokens - a.tokens || a.expert - b.expert)
}

function shownToken({ trace }: Pass, { context }: Wanted, { token, rank, weight }: Sent, weighted: boolean) {
  const domain = trace.domainIds?.[token]
  return {
    ...tokenInContext(trace, token, context),
    rank,
    weight: weighted ? weight : undefined,
    domain: domain === undefined ? undefined : trace.domains[domain]
  }
}

/** Keeps what has the largest weights, largest first; of equal ones those that came first. */
function largestWeights(most: number) {
  const kept: Sent[] = []
  return {
    kept,
    offer: (token: number, rank: number, weight: number) => {
      if (most === 0 || (kept.length === most && weight <= (kept.at(-1)?.weight ?? 0))) return
      if (kept.length === most) kept.pop()
      const place = kept.findIndex((each) => each.weight < weight)
      kept.splice(place < 0 ? kept.length : place, 0, { token, rank, weight })
    }
  }
}

/** Keeps a sample of unknown many (Vitter 1985, "Random Sampling with a Reservoir", algorithm R). */
function reservoir(most: number, seed: number) {
  const kept: Sent[] = []
  const random = createRandom(seed, 'routing/portrait sample')
  let seen = 0
  return {
    kept,
    offer: (token: number, rank: number, weight: number) => {
      seen++
      const place = kept.length < most ? kept.length : random.integer(seen)
      if (place < most) kept[place] = { token, rank, weight }
    }
  }
}
