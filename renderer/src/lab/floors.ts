/** The entropies of the texts that runs read. */
import { specifiedFloor } from '@core/corpus'
import { type CorpusSpec, currentCorpus } from '@core/formats/training-report'
import type { TrainSpec } from '@core/lab/kinds/train'
import { chosenCorpus } from './plan'
import type { LabTraining } from './use-lab'

export interface TextFloor {
  /** Nats per character. */
  readonly y: number
  readonly label: string
}

/** The floor of each generated text that these trainings read, once: the entropy of a user's is not known. */
export function floorsOf(trainings: readonly LabTraining[]): TextFloor[] {
  const corpora = new Map(corporaOf(trainings).map((corpus) => [languageOf(corpus), corpus]))
  return [...corpora.values()].map((corpus) => ({
    y: floorOf(corpus),
    label: corpora.size > 1 ? `floor, ${nameOf(corpus)}` : 'floor'
  }))
}

/** The entropy of a text in nats per character. */
export function floorOf(corpus: CorpusSpec): number {
  const language = languageOf(corpus)
  const floor = known.get(language) ?? specifiedFloor(corpus).total
  known.set(language, floor)
  return floor
}

/** Making a world takes as long as a frame. */
const known = new Map<string, number>()

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
  const name = world.names === currentCorpus.world.names ? 'shipped world' : 'small world'
  return shares ? `${name}, own mix` : name
}
