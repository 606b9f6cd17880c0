import { countParameters } from '@core/arch/count/count'
import type { DomainId } from '@core/corpus'
import type { ValidationPoint } from '@core/formats/training-report'
import type { TrainingChoices } from './choices'
import { floorOf } from './floors'
import { largestLoad } from './load-figures'
import { chosenArchitecture, chosenCorpus } from './plan'
import type { ShownTraining } from './state'

/** Figures of a group of domains: those of memory, or those of computation. */
export interface GroupFigures {
  /** Validation loss in nats per character; NaN without a whole document. */
  readonly loss: number
  /** Share of the answers of which every character is the most likely one; NaN where none were scored. */
  readonly right: number
}

/** A run that has come to its end. */
export interface EndedRun {
  readonly name: string
  /** Validation loss in nats per character, on all of the validation text. */
  readonly loss: number
  /** Validation loss before the first step; undefined of one that begins with drawn weights. */
  readonly before: number | undefined
  /** The lowest validation loss on the way and at the end. */
  readonly lowest: number
  /** Mean training loss of the last tenth of the steps. */
  readonly trainingLoss: number
  /** Entropy of the text that it was trained on, in nats per character; NaN where the user's text is part of it. */
  readonly floor: number
  readonly memory: GroupFigures
  readonly computation: GroupFigures
  /** Validation loss of each domain of its text. */
  readonly domains: ValidationPoint['domains']
  /** Largest share of a layer's assignments that one expert got over the last steps; undefined for a dense model. */
  readonly largestLoad: number | undefined
  readonly total: number
  readonly active: number
  /** Characters that it was trained on, and how many of them are different ones; NaN as the floor. */
  readonly characters: number
  readonly text: number
}

/**
 * The figures of a run; undefined while it has not come to its end, and on a user's text, which no experiment reads.
 * Throws as `chosenArchitecture`.
 */
export function endedRun(
  name: string,
  chosen: TrainingChoices,
  { steps, points, losses, loads, charactersPerStep }: ShownTraining
): EndedRun | undefined {
  const last = points.at(-1)
  const corpus = chosenCorpus(chosen)
  const generated = 'kind' in corpus ? undefined : corpus
  if (last?.step !== steps) return undefined
  const { total, active } = countParameters(chosenArchitecture(chosen))
  const characters = steps * charactersPerStep
  const late = losses.filter(([at]) => at > 0.9 * characters)
  return {
    name,
    loss: last.loss,
    before: points.find(({ step }) => step === 0)?.loss,
    lowest: Math.min(...points.map(({ loss }) => loss)),
    trainingLoss: late.reduce((sum, [, loss]) => sum + loss, 0) / late.length,
    floor: generated ? floorOf(generated).total : Number.NaN,
    memory: groupOf(last, 'memory'),
    computation: groupOf(last, 'computation'),
    domains: last.domains,
    largestLoad: largestLoad(loads),
    total,
    active: active.all,
    characters,
    text: generated?.characters ?? Number.NaN
  }
}

function groupOf(point: ValidationPoint, group: 'memory' | 'computation'): GroupFigures {
  const { right, total } = point.answers?.[group] ?? { right: Number.NaN, total: 1 }
  return { loss: point[group], right: right / total }
}

/** The mean of the same run with several seeds. */
export function meanRun(seeds: readonly [EndedRun, ...EndedRun[]]): EndedRun {
  const [first] = seeds
  const mean = (of: (run: EndedRun) => number) => seeds.reduce((sum, run) => sum + of(run), 0) / seeds.length
  const group = (of: (run: EndedRun) => GroupFigures): GroupFigures => ({
    loss: mean((run) => of(run).loss),
    right: mean((run) => of(run).right)
  })
  return {
    ...first,
    loss: mean(({ loss }) => loss),
    before: first.before === undefined ? undefined : mean(({ before }) => before ?? Number.NaN),
    lowest: mean(({ lowest }) => lowest),
    trainingLoss: mean(({ trainingLoss }) => trainingLoss),
    memory: group(({ memory }) => memory),
    computation: group(({ computation }) => computation),
    domains: Object.fromEntries(
      Object.keys(first.domains).map((id) => [id, mean(({ domains }) => domains[id as DomainId] ?? Number.NaN)])
    ),
    largestLoad: first.largestLoad === undefined ? undefined : mean((run) => run.largestLoad ?? Number.NaN)
  }
}
