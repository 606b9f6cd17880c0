import type { Routing } from '@core/routing/importers/importer'
import type { RoutingFilter } from '@core/routing/statistics/filter'
import { FailureError, UsageError } from '../terminal/errors'

/** Options that say which part of a trace is measured. */
export const filterOptions = {
  domain: { type: 'string', multiple: true },
  layers: { type: 'string' }
} as const

export interface FilterValues {
  readonly domain?: readonly string[] | undefined
  readonly layers?: string | undefined
}

/** A part of a trace, by places in its lists. */
export type PartFilter = Pick<RoutingFilter, 'domains' | 'layers'>

/**
 * The filter of these options. Layers are named as the model counts them, domains by their names. Throws a `UsageError`
 * for a list that cannot be read, and a `FailureError` that lists what there is for a layer or domain that there is
 * not.
 */
export function filterOf(routing: Routing, { domain, layers }: FilterValues): PartFilter {
  return {
    ...(domain && { domains: domain.map((name) => domainPlace(routing, name)) }),
    ...(layers !== undefined && { layers: numbersOf('--layers', layers).map((layer) => layerPlace(routing, layer)) })
  }
}

/** The layers that a filter takes, as places in `Routing.layers`, ascending. */
export function takenLayers(routing: Routing, { layers }: PartFilter): number[] {
  return [...new Set(layers ?? routing.layers.keys())].sort((a, b) => a - b)
}

/** The failure to measure a file of which the options take no token. */
export function noTokens(path: string, { domain }: FilterValues): FailureError {
  return new FailureError(`${path} has no tokens${domain ? ` of domain ${domain.join(', ')}` : ''}`)
}

function domainPlace(routing: Routing, name: string): number {
  const domains = routing.kind === 'trace' && routing.domainIds ? routing.domains : []
  if (domains.length === 0) {
    throw new FailureError(`--domain ${name}: the trace does not tell the domains of its tokens`)
  }
  const place = domains.indexOf(name)
  if (place < 0) throw new FailureError(`--domain: expected one of ${domains.join(', ')}, found '${name}'`)
  return place
}

function layerPlace({ layers }: Routing, layer: number): number {
  const place = layers.indexOf(layer)
  if (place < 0) {
    throw new FailureError(`--layers: layer ${layer} has no router in the trace: those of ${layers.join(', ')} do`)
  }
  return place
}

/** The numbers of a list such as '0,3-5'. */
function numbersOf(option: string, text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part.trim()) ?? []
    const [from, to] = [Number(first), Number(last)]
    if (first === undefined || from > to) {
      throw new UsageError(`${option}: expected numbers and ranges such as 0,3-5, found '${text}'`)
    }
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}
