import type { Answers } from '@core/routing/importers/importer'
import type { Inspection } from '@core/routing/importers/open'
import type { Agreement } from '@core/routing/statistics/agreement'
import type { SimulatedDrops } from '@core/routing/statistics/capacity'
import type { ChoiceCounts } from '@core/routing/statistics/choice-counts'
import type { CoActivation } from '@core/routing/statistics/co-activation'
import type { DomainSpecialisation } from '@core/routing/statistics/domain-specialisation'
import type { ExpertPortrait } from '@core/routing/statistics/expert-portrait'
import type { ExpertPlace } from '@core/routing/statistics/filter'
import type { FollowedTrace } from '@core/routing/statistics/follow'
import type { Repeats } from '@core/routing/statistics/repeats'
import type { RouterLogits } from '@core/routing/statistics/router-logits'
import type { RouterWeights } from '@core/routing/statistics/router-weights'
import type { Unavailable } from '@core/routing/statistics/statistic'
import type { TokenWindow } from '@core/routing/statistics/token-window'
import type { UniqueExperts } from '@core/routing/statistics/unique-experts'
import type { VocabularySpecialisation } from '@core/routing/statistics/vocabulary-specialisation'
import type { OptionalColumn } from '@core/routing/trace'

/** A file that the worker reads through the page, in parts. */
export interface FileFacts {
  readonly name: string
  /** Bytes. */
  readonly size: number
}

/** Bytes `start` to `end` (exclusive) of a file. A proxy, and so an argument of its own. */
export type ReadPart = (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>

/** The user's answers about a file. */
export interface ReadAs {
  /** By default what the file is. */
  readonly format?: string
  readonly answers?: Answers
}

/** Facts of a trace, without its columns. */
export interface RoutingFacts {
  readonly kind: 'trace' | 'counts'
  readonly model: string
  readonly source: string
  readonly layers: readonly number[]
  readonly experts: number
  /** Undefined for counts that do not tell it. */
  readonly topK: number | undefined
  /** 0 for counts. */
  readonly tokenCount: number
  readonly sequences: number
  readonly domains: readonly string[]
  readonly has: readonly (OptionalColumn | 'texts' | 'tokenIds' | 'domainIds')[]
  readonly notes: readonly string[]
}

/** The part of a trace that all charts show; conditions that are not given take everything. */
export interface InspectedPart {
  /** Places in `domains`; empty for all. */
  readonly domains: readonly number[]
  /** Only tokens with this text; empty for all. */
  readonly text: string
  /** Only tokens that were sent to this expert. */
  readonly expert: ExpertPlace | undefined
}

/** With the text of each id, where the trace has texts: `[ids]`. */
export interface NamedVocabulary extends VocabularySpecialisation {
  readonly texts: readonly string[] | undefined
}

/** Capacity factors that are simulated, ascending. */
export const capacityFactors: readonly number[] = Array.from({ length: 76 }, (_, i) => (i + 5) / 20)

/** Statistics by name, each as `core/routing/statistics` gives it. */
export interface RoutingStatistics {
  readonly choices: ChoiceCounts
  readonly repeats: Repeats
  /** For batches of so many tokens: `unique-16`. */
  readonly [unique: `unique-${number}`]: UniqueExperts
  /** For each of `capacityFactors`, in their order. */
  readonly drops: readonly SimulatedDrops[]
  readonly logits: RouterLogits
  readonly weights: RouterWeights
  readonly coActivation: CoActivation
  readonly adjacentCoActivation: CoActivation
  readonly domains: DomainSpecialisation
  readonly vocabulary: NamedVocabulary
}

/** The figures that are followed over a training, of the checkpoint whose trace has this number. */
export interface FollowedCheckpoint extends FollowedTrace {
  readonly trace: number
}

export type StatisticName = keyof RoutingStatistics

export type MeasuredStatistics = { readonly [Name in StatisticName]?: RoutingStatistics[Name] | Unavailable }

/** Name of the error of what was given up, because something else is to be measured. */
export const superseded = 'SupersededError'

/** The traces that are open, by the number they were given; away from the screen's thread. */
export interface RoutingApi {
  /** Which formats a file may have, and what must be asked. */
  inspect(file: FileFacts, read: ReadPart): Promise<Inspection>
  open(id: number, file: FileFacts, read: ReadPart, as: ReadAs): Promise<RoutingFacts>
  close(id: number): Promise<void>
  /** Rejects with an `AbortError` when `stop` is called, with one called `superseded` when more is asked for. */
  measure(
    id: number,
    names: readonly StatisticName[],
    part: InspectedPart,
    onProgress: (done: number) => void
  ): Promise<MeasuredStatistics>
  portrait(id: number, place: ExpertPlace, part: InspectedPart): Promise<ExpertPortrait>
  window(id: number, from: number, to: number): Promise<TokenWindow>
  agreement(first: number, second: number, part: InspectedPart): Promise<Agreement>
  /** Follows a training over its checkpoints, the last of which the others are compared with. Rejects as `measure`. */
  follow(
    checkpoints: readonly number[],
    part: InspectedPart,
    onProgress: (done: number) => void
  ): Promise<FollowedCheckpoint[]>
  /** A trace as a file of one of the export formats. */
  exported(id: number, format: string): Promise<Uint8Array<ArrayBuffer>>
  /** Ends what is being measured. */
  stop(): Promise<void>
}
