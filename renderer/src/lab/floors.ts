/** The entropies of the texts that runs read. */
import { type Floor, specifiedFloor } from '@core/corpus'
import { type CorpusSpec, currentCorpus } from '@core/formats/training-report'
import type { TrainSpec } from '@core/lab/kinds/train'
import type { CurvePart } from './choices'
import { chosenCorpus } from './plan'
import type { LabTraining } from './trainings'

export interface TextFloor {
  /** Nats per character. */
  readonly y: number
  readonly label: string
}

/**
 * The floor of each generated text that these trainings read, or of one domain of it, once: the entropy of a user's is
 * not known, nor is there one of a group of domains.
 */
export function floorsOf(trainings: readonly LabTraining[], part: CurvePart): TextFloor[] {
  const corpora = new Map(corporaOf(trainings).map((corpus) => [languageOf(corpus), corpus]))
  const names = [...corpora.values()].map(nameOf)
  return [...corpora.values()].flatMap((corpus, i) => {
    const { total, domains } = floorOf(corpus)
    const y = part === 'all' ? total : part === 'memory' || part === 'computation' ? undefined : domains[part]
    const before = names.slice(0, i).filter((name) => name === names[i]).length
    const label = before === 0 ? `floor, ${names[i]}` : `floor, ${names[i]} ${before + 1}`
    return y === undefined ? [] : [{ y, label: corpora.size > 1 ? label : 'floor' }]
  })
}

/** The entropy of a text in nats per character. */
export function floorOf(corpus: CorpusSpec): Floor {
  const language = languageOf(corpus)
  const floor = known.get(language) ?? specifiedFloor(corpus)
  known.set(language, floor)
  return floor
}

/** Making a world takes as long as a frame. */
const known = new Map<string, Floor>()

/** True where one of these trainings reads what the shipped models have read. */
export function readShippedText(trainings: readonly LabTraining[]): boolean {
  return corporaOf(trainings).some((corpus) => languageOf(corpus) === languageOf(currentCorpus))
}

function corporaOf(trainings: readonly LabTraining[]): CorpusSpec[] {
  return trainings.flatMap(({ chosen, record, problems }) => {
    const isSound = chosen && problems.length === 0
    const corpus = isSound ? chosenCorpus(chosen) : chosen ? undefined : (record?.spec as TrainSpec | undefined)?.corpus
    return corpus && !('kind' in corpus) ? [corpus] : []
  })
}

/** The text as far as its entropy depends on it: not on how much of it there is. */
function languageOf({ world, shares }: CorpusSpec): string {
  return JSON.stringify([world, shares])
}

function nameOf({ world, shares }: CorpusSpec): string {
  const name = world.names === currentCorpus.world.names ? 'shipped' : 'small'
  return shares ? `${name}, own mix` : `${name} world`
}
