import type { RoutingFilter } from '@core/routing/statistics/filter'
import type { Trace } from '@core/routing/trace'
import { FailureError, UsageError } from './errors'

/** Options that say which part of a trace is measured. */
export const filterOptions = {
  domain: { type: 'string', multiple: true },
  layers: { type: 'string' }
} as const

export interface FilterValues {
  readonly domain?: readonly string[] | undefined
  readonly layers?: string | undefined
}

/**
 * The filter of these options. Layers are named as the model counts them, domains by their names. Throws a `UsageError`
 * for a list that cannot be read, and a `FailureError` that lists what there is for a layer or domain that there is
 * not.
 */
export function filterOf(trace: Trace, { domain, layers }: FilterValues): RoutingFilter {
  return {
    ...(domain && { domains: domain.map((name) => domainPlace(trace, name)) }),
    ...(layers !== undefined && { layers: numbersOf('--layers', layers).map((layer) => layerPlace(trace, layer)) })
  }
}

function domainPlace({ domains, domainIds }: Trace, name: string): number {
  if (!domainIds || domains.length === 0) {
    throw new FailureError(`--domain ${name}: the trace does not tell the domains of its tokens`)
  }
  const place = domains.indexOf(name)
  if (place < 0) throw new FailureError(`--domain: expected one of ${domains.join(', ')}, found '${name}'`)
  return place
}

function layerPlace({ layers }: Trace, layer: number): number {
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
