/** Traces that are open, and everything that is asked about them. */
import type { ByteSource } from '@core/formats/byte-source'
import { exported, exporters } from '@core/routing/exporters/exporter'
import type { Routing } from '@core/routing/importers/importer'
import { inspect, openRouting } from '@core/routing/importers/open'
import { compareTraces } from '@core/routing/statistics/agreement'
import { simulatedDropsByFactor } from '@core/routing/statistics/capacity'
import { choiceCounts, recordedChoices } from '@core/routing/statistics/choice-counts'
import { coActivation } from '@core/routing/statistics/co-activation'
import { domainSpecialisation } from '@core/routing/statistics/domain-specialisation'
import { expertPortrait } from '@core/routing/statistics/expert-portrait'
import type { RoutingFilter } from '@core/routing/statistics/filter'
import { followTraces } from '@core/routing/statistics/follow'
import { measure } from '@core/routing/statistics/measure'
import { repeats } from '@core/routing/statistics/repeats'
import { routerLogits } from '@core/routing/statistics/router-logits'
import { routerWeights } from '@core/routing/statistics/router-weights'
import { isUnavailable, type Statistic, type Unavailable } from '@core/routing/statistics/statistic'
import { tokenWindow } from '@core/routing/statistics/token-window'
import { uniqueExperts } from '@core/routing/statistics/unique-experts'
import { vocabularySpecialisation } from '@core/routing/statistics/vocabulary-specialisation'
import type { RoutingCounts, Trace } from '@core/routing/trace'
import { releaseCallback, withCallback } from './remote-callback'
import {
  capacityFactors,
  type FileFacts,
  type InspectedPart,
  type MeasuredStatistics,
  type ReadPart,
  type RoutingApi,
  type RoutingFacts,
  type StatisticName,
  superseded
} from './routing-protocol'

const statistics = {
  choices: choiceCounts,
  repeats,
  logits: routerLogits,
  weights: routerWeights,
  coActivation: coActivation(),
  adjacentCoActivation: coActivation({ pairs: 'adjacent' }),
  domains: domainSpecialisation,
  vocabulary: vocabularySpecialisation(),
  drops: simulatedDropsByFactor({ factors: capacityFactors })
} satisfies Record<Exclude<StatisticName, `unique-${number}`>, Statistic<unknown, Unavailable>>

function statisticOf(name: StatisticName): Statistic<unknown, Unavailable> {
  if (name in statistics) return statistics[name as keyof typeof statistics]
  return uniqueExperts({ batch: Number(name.slice('unique-'.length)) })
}

/** Opens traces by the number they are given, and answers what is asked about them. */
export function createRoutingApi(): RoutingApi {
  const open = new Map<number, Routing>()
  /** Readers of the files of open traces; they live in the page. */
  const readers = new Map<number, ReadPart>()
  let work = new AbortController()

  function found(id: number): Routing {
    const routing = open.get(id)
    if (!routing) throw new Error(`trace ${id} is not open`)
    return routing
  }

  function traceOf(id: number): Trace {
    const routing = found(id)
    if (routing.kind === 'counts') throw new Error('this file counts how often experts were chosen, and has no tokens')
    return routing
  }

  function releaseReader(id: number): void {
    const read = readers.get(id)
    if (read) releaseCallback(read)
    readers.delete(id)
  }

  /** Ends the work before; gives the signal of the new one. */
  function beginWork(): AbortSignal {
    work.abort(new DOMException('something else is measured', superseded))
    work = new AbortController()
    return work.signal
  }

  return {
    inspect: (file, read) => withCallback(read, (read) => inspect(sourceOf(file, read))),
    open: async (id, file, read, as) => {
      readers.set(id, read)
      try {
        const routing = await openRouting(sourceOf(file, read), as)
        open.set(id, routing)
        return factsOf(routing)
      } catch (error) {
        releaseReader(id)
        throw error
      }
    },
    close: async (id) => {
      open.delete(id)
      releaseReader(id)
    },
    measure: (id, names, part, onProgress) =>
      withCallback(onProgress, async (onProgress) => {
        const routing = found(id)
        if (routing.kind === 'counts') return ofCounts(routing, names)
        return measureTrace(routing, names, part, onProgress, beginWork())
      }),
    portrait: async (id, place, part) =>
      expertPortrait(traceOf(id), { ...place, filter: filterOf(traceOf(id), part), most: 24, context: 16 }),
    window: async (id, from, to) => tokenWindow(traceOf(id), from, to, ['expertWeights']),
    agreement: async (first, second, part) =>
      compareTraces(traceOf(first), traceOf(second), { filter: filterOf(traceOf(first), part) }),
    follow: (checkpoints, part, onProgress) =>
      withCallback(onProgress, async (onProgress) => {
        const filter = (trace: Trace) => filterOf(trace, part)
        const options = { filterOf: filter, onProgress, signal: beginWork() }
        const followed = await followTraces(checkpoints.map(traceOf), options)
        return followed.map((each, i) => ({ trace: checkpoints[i] ?? 0, ...each }))
      }),
    exported: async (id, format) => {
      const exporter = exporters.find((each) => each.format === format)
      if (!exporter) throw new RangeError(`there is no export format '${format}'`)
      const parts: BlobPart[] = []
      for await (const bytes of exported(found(id), exporter)) parts.push(new Uint8Array(bytes))
      return new Uint8Array(await new Blob(parts).arrayBuffer())
    },
    stop: async () => work.abort(new DOMException('cancelled', 'AbortError'))
  }
}

function sourceOf({ name, size }: FileFacts, read: ReadPart): ByteSource {
  return { name, size, bytes: (start = 0, end = size) => read(start, end) }
}

function factsOf(routing: Routing): RoutingFacts {
  const { kind, model, source, layers, experts, topK, notes } = routing
  const shape = { kind, model, source, layers, experts, topK, notes }
  if (routing.kind === 'counts') return { ...shape, tokenCount: 0, sequences: 0, domains: [], has: [] }
  const { tokenCount, sequenceStarts, domains, has, tokens, tokenIds, domainIds } = routing
  const columns = { texts: tokens, tokenIds, domainIds }
  const there = (['texts', 'tokenIds', 'domainIds'] as const).filter((name) => columns[name])
  return { ...shape, tokenCount, sequences: sequenceStarts.length, domains, has: [...has, ...there] }
}

/** The conditions of the screen as the statistics take them. */
function filterOf({ tokens, tokenIds, tokenCount }: Trace, { domains, text, expert }: InspectedPart): RoutingFilter {
  const filter = {
    ...(domains.length > 0 && { domains }),
    ...(expert && { experts: [expert] })
  }
  if (text === '' || !tokens) return filter
  const places: number[] = []
  for (let place = 0; place < tokenCount; place++) if (tokens[place] === text) places.push(place)
  if (!tokenIds) return { ...filter, ranges: places.map((place) => [place, place + 1] as const) }
  return { ...filter, tokenIds: [...new Set(places.map((place) => tokenIds[place] ?? 0))] }
}

async function measureTrace(
  trace: Trace,
  names: readonly StatisticName[],
  part: InspectedPart,
  onProgress: (done: number) => void,
  signal: AbortSignal
): Promise<MeasuredStatistics> {
  const found = (await measure(trace, {
    statistics: Object.fromEntries(names.map((name) => [name, statisticOf(name)])),
    filter: filterOf(trace, part),
    onProgress: (done, total) => onProgress(done / Math.max(1, total)),
    signal
  })) as MeasuredStatistics
  const { vocabulary } = found
  if (!vocabulary || isUnavailable(vocabulary)) return found
  return { ...found, vocabulary: { ...vocabulary, texts: textsOf(trace, vocabulary.ids) } }
}

/** The text of each token id, as it stands first in the trace. */
function textsOf({ tokens, tokenIds }: Trace, ids: Int32Array): string[] | undefined {
  if (!tokens || !tokenIds) return undefined
  const texts = new Map<number, string>()
  tokenIds.forEach((id, place) => {
    if (!texts.has(id)) texts.set(id, tokens[place] ?? '')
  })
  return Array.from(ids, (id) => texts.get(id) ?? '')
}

/** Counts without tokens tell the load, and nothing else. */
function ofCounts(recorded: RoutingCounts, names: readonly StatisticName[]): MeasuredStatistics {
  const unavailable = { unavailable: 'needs tokens, and this file only counts how often experts were chosen' }
  return Object.fromEntries(
    names.map((name) => [name, name === 'choices' ? recordedChoices(recorded) : unavailable])
  ) as MeasuredStatistics
}
