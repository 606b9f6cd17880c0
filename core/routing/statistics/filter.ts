import { noExpert, type Trace } from '../trace'

/** Which part of a trace is measured: what meets all conditions that are given. */
export interface RoutingFilter {
  /** Tokens of one of these domains, as places in `trace.domains`. */
  readonly domains?: readonly number[]
  /** Tokens with one of these ids. */
  readonly tokenIds?: readonly number[]
  /** Tokens at a place within one of these ranges, `from` to `to` (exclusive). */
  readonly ranges?: readonly (readonly [from: number, to: number])[]
  /** Tokens that were sent to at least one of these experts, in the layer that is named with it. */
  readonly experts?: readonly ExpertPlace[]
  /** These layers, as places in `trace.layers`. */
  readonly layers?: readonly number[]
}

/** One expert of a trace. */
export interface ExpertPlace {
  /** Place in `trace.layers`. */
  readonly layer: number
  readonly expert: number
}

/** A filter, ready to be asked. */
export interface Selection {
  /** Ascending, as places in `trace.layers`. */
  readonly layers: readonly number[]
  /** True when all conditions but that of the experts take a token. */
  takes(token: number): boolean
  /** True when the condition of the experts takes the token whose experts `[layers, topK]` begin at `start`. */
  takesExperts(expertIds: Uint16Array, start: number): boolean
}

/** Throws a `RangeError` when the filter names what the trace does not have. */
export function selectionOf(trace: Omit<Trace, 'rows'>, filter: RoutingFilter = {}): Selection {
  check(trace, filter)
  const { tokenIds, domainIds, topK } = trace
  const { ranges, experts } = filter
  const ids = filter.tokenIds && new Set(filter.tokenIds)
  const domains = filter.domains && new Set(filter.domains)
  const layers = [...new Set(filter.layers ?? trace.layers.keys())].sort((a, b) => a - b)
  return {
    layers,
    takes: (token) =>
      (!ranges || ranges.some(([from, to]) => token >= from && token < to)) &&
      (!domains || domains.has(domainIds?.[token] ?? -1)) &&
      (!ids || ids.has(tokenIds?.[token] ?? -1)),
    takesExperts: (expertIds, start) => {
      if (!experts) return true
      for (const { layer, expert } of experts) {
        const from = start + layer * topK
        for (let i = from; i < from + topK; i++) if (expertIds[i] === expert) return true
      }
      return false
    }
  }
}

function check(trace: Omit<Trace, 'rows'>, { domains, tokenIds, ranges, experts, layers }: RoutingFilter): void {
  if (tokenIds && !trace.tokenIds) throw new RangeError('filter: token ids are named, but the trace has none')
  if (domains && !trace.domainIds) throw new RangeError('filter: domains are named, but the trace has none')
  for (const domain of domains ?? []) within('a domain', domain, trace.domains.length)
  for (const layer of layers ?? []) within('a layer', layer, trace.layers.length)
  for (const { layer, expert } of experts ?? []) {
    within('a layer', layer, trace.layers.length)
    within('an expert', expert, Math.min(trace.experts, noExpert))
  }
  for (const [from, to] of ranges ?? []) {
    if (!(from >= 0 && from <= to)) throw new RangeError(`filter: tokens ${from} to ${to} are no range`)
  }
}

function within(what: string, found: number, count: number): void {
  if (Number.isInteger(found) && found >= 0 && found < count) return
  throw new RangeError(`filter: expected ${what} from 0 to ${count - 1}, found ${found}`)
}
