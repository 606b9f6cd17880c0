/** Experiments of the Lab as data: the runs, what is varied, what to look for, and a claim that is checked at the end. */
import { formatLoss, formatPercent, formatRatio } from '../charts/format'
import { defaultRuns, type LabRun, labRunSchema } from './choices'

/** A run that has come to its end. */
export interface EndedRun {
  readonly name: string
  /** Validation loss in nats per character, on all of the validation text. */
  readonly loss: number
  /** Largest share of a layer's assignments that one expert got over the last steps; undefined for a dense model. */
  readonly largestLoad: number | undefined
  readonly total: number
  readonly active: number
}

/** The outcome of an experiment, in a sentence with figures. */
export interface Verdict {
  /** Undefined where the runs do not tell. */
  readonly holds: boolean | undefined
  readonly sentence: string
}

export interface Experiment {
  readonly id: string
  readonly title: string
  readonly varied: string
  readonly lookFor: string
  readonly runs: readonly LabRun[]
  /** The claim, checked on the runs in their order. */
  readonly check: (ended: readonly EndedRun[]) => Verdict
}

const inSmallWorld = (chosen: Partial<LabRun>): LabRun =>
  labRunSchema.parse({ text: 'small', characters: 1_000_000, ...chosen })

const moe = (chosen: Partial<LabRun> = {}) => inSmallWorld({ kind: 'moe', ...chosen })
const dense = (chosen: Partial<LabRun> = {}) => inSmallWorld({ kind: 'dense', ...chosen })

export const experiments: readonly Experiment[] = [
  {
    id: 'equal-active',
    title: 'More experts at equal active parameters',
    varied: 'the experts, at equal active parameters; beside them a dense model of equal total',
    lookFor: 'top-2 of 16 comes below the dense model that costs a token as much',
    runs: defaultRuns,
    check: (ended) => isBelow(ended, 1, 0, 'at equal active parameters')
  },
  {
    id: 'granularity',
    title: 'Many small experts against few large ones',
    varied: 'the granularity of the experts, at about equal total and active parameters',
    lookFor: 'top-2 of 16 comes below top-1 of 8, and top-4 of 32 below both',
    runs: [
      moe({ experts: 8, topK: 1, expertWidth: 88 }),
      moe({ experts: 16, topK: 2, expertWidth: 48 }),
      moe({ experts: 32, topK: 4, expertWidth: 24 })
    ],
    check: (ended) => isBelow(ended, 2, 0, 'with experts of a quarter of the width')
  },
  {
    id: 'collapse',
    title: 'Collapse without balancing, and cures',
    varied: 'how the load is balanced',
    lookFor: 'without balancing one expert takes more and more of the tokens',
    runs: [
      moe({ balanceLoss: 0 }),
      moe(),
      moe({ balanceLoss: 0, router: { kind: 'loss-free', update_rate: 0.001 } }),
      moe({ balanceLoss: 0, router: { kind: 'expert-choice' } })
    ],
    check: ([without, balanced]) => {
      const [own, even] = [without?.largestLoad, balanced?.largestLoad]
      if (own === undefined || even === undefined) {
        return { holds: undefined, sentence: 'The load of the experts is not known of these runs: train them anew.' }
      }
      return {
        holds: own > 1.5 * even,
        sentence: `Without balancing the busiest expert gets ${formatPercent(own)} of the assignments of its layer; with the load-balancing loss ${formatPercent(even)}.`
      }
    }
  },
  {
    id: 'memory',
    title: 'Total parameters, or active ones',
    varied: 'the number of experts, at equal active parameters',
    lookFor: 'each doubling of the experts lowers the loss, by less each time',
    runs: [moe({ experts: 4 }), moe({ experts: 8 }), moe({ experts: 16 }), moe({ experts: 32 })],
    check: (ended) => isBelow(ended, 3, 0, 'with eight times the experts')
  },
  {
    id: 'more-data',
    title: 'More data, or more parameters',
    varied: 'width against steps, at equal training FLOPs',
    lookFor: 'the smaller model reads more text and ends lower, or does not',
    runs: [dense({ width: 64, characters: 500_000 }), dense({ width: 32, lock: { to: 0, in: 'flops' } })],
    check: (ended) => isBelow(ended, 1, 0, 'at equal training FLOPs')
  }
]

/** The claim that one run ends below another. */
function isBelow(ended: readonly EndedRun[], low: number, high: number, how: string): Verdict {
  const [expected, other] = [ended[low], ended[high]]
  if (!expected || !other) throw new RangeError(`the claim is of runs ${low} and ${high}; there are ${ended.length}`)
  const difference = other.loss - expected.loss
  const figures = `${formatLoss(expected.loss)} against ${formatLoss(other.loss)} nats per character, with ${formatRatio(expected.total / other.total)} the total and ${formatRatio(expected.active / other.active)} the active parameters`
  return {
    holds: difference > 0,
    sentence:
      difference > 0
        ? `${expected.name} ends ${formatLoss(difference)} below ${other.name} ${how}: ${figures}.`
        : `${expected.name} does not end below ${other.name} ${how}, but ${formatLoss(-difference)} above: ${figures}.`
  }
}
