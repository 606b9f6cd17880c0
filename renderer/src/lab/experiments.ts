/** Experiments of the Lab as data: the runs, what is varied, what to look for, and a claim that is checked at the end. */
import { defaultRuns, type LabRun, labRunSchema } from './choices'
import {
  bestIsInside,
  type Claim,
  collapses,
  diminishes,
  endsBelow,
  gainsInMemory,
  heals,
  isBetterAt,
  isFineTuned,
  learnsFromTeacher,
  overfits,
  tiedLayersPay
} from './claims'

export interface Experiment {
  readonly id: string
  readonly title: string
  readonly varied: string
  readonly lookFor: string
  readonly runs: readonly LabRun[]
  readonly check: Claim
}

const inSmallWorld = (chosen: Partial<LabRun>): LabRun =>
  labRunSchema.parse({ text: 'small', characters: 1_000_000, ...chosen })

const moe = (chosen: Partial<LabRun> = {}) => inSmallWorld({ kind: 'moe', ...chosen })
const dense = (chosen: Partial<LabRun> = {}) => inSmallWorld({ kind: 'dense', ...chosen })

/** A small model of all domains, before what experiments do to it. */
const generic = { kind: 'dense', characters: 500_000 } as const

/** The model of a training that comes first. */
const trainedFirst = (chosen: Partial<LabRun>) => ({ training: inSmallWorld(chosen) })

/** A model twice and a half as wide as its students, on fresh text. */
const teacher = { model: trainedFirst({ kind: 'dense', width: 80 }), share: 0.5, temperature: 2 }

const little = { textCharacters: 5000, characters: 300_000 }
const much = { characters: 500_000 }

const halfPruned = { id: 'magnitude', share: 0.5, pattern: 'free' }

/** A fifth of what the model has read before. */
const short = { characters: 100_000, warmupSteps: 10 }

export const experiments: readonly Experiment[] = [
  {
    id: 'equal-active',
    title: 'More experts at equal active parameters',
    varied: 'the experts, at equal active parameters; beside them a dense model of equal total',
    lookFor: 'top-2 of 16 comes below the dense model that costs a token as much',
    runs: defaultRuns,
    check: endsBelow(1, 0, 'at equal active parameters')
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
    check: endsBelow(2, 0, 'with experts of a quarter of the width')
  },
  {
    id: 'top-k',
    title: 'Top-1 against top-2',
    varied: 'the number of experts that a token gets, of the same 16',
    lookFor: 'a second expert lowers the loss, two more by less, and each costs a token as much again',
    runs: [moe({ topK: 1 }), moe({ topK: 2 }), moe({ topK: 4 })],
    check: endsBelow(1, 0, 'with one expert more for each token')
  },
  {
    id: 'collapse',
    title: 'Collapse without balancing, and cures',
    varied: 'the balancing of the load',
    lookFor: 'without balancing one expert takes more and more of the tokens; each cure keeps the load even',
    runs: [
      moe({ balanceLoss: 0 }),
      moe(),
      moe({ balanceLoss: 0, router: { kind: 'loss-free', update_rate: 0.001 } }),
      moe({ balanceLoss: 0, router: { kind: 'expert-choice' } })
    ],
    check: collapses
  },
  {
    id: 'memory',
    title: 'Total parameters, or active ones',
    varied: 'the number of experts, at equal active parameters',
    lookFor: 'each doubling of the experts lowers the loss, by less each time',
    runs: [moe({ experts: 4 }), moe({ experts: 8 }), moe({ experts: 16 }), moe({ experts: 32 })],
    check: endsBelow(3, 0, 'with eight times the experts')
  },
  {
    id: 'memory-or-computation',
    title: 'Memory against computation',
    varied: 'the number of experts, at equal active parameters; answers are scored by their kind',
    lookFor: 'experts add more right answers where facts are remembered than where something is computed',
    runs: [dense(), moe(), dense({ width: 80 })],
    check: gainsInMemory
  },
  {
    id: 'diminishing',
    title: 'Diminishing returns of size',
    varied: 'the width of a dense model, in four sizes on the same text',
    lookFor: 'each doubling of the parameters lowers the loss, by less each time',
    runs: [16, 24, 40, 64].map((width) => dense({ width, characters: 500_000 })),
    check: diminishes
  },
  {
    id: 'overfitting',
    title: 'Overfitting on little data',
    varied: 'the width, on a small text that is read again and again; beside them the larger one on fresh text',
    lookFor: 'the larger model learns the text by heart, and its loss on other text rises again',
    runs: [
      dense({ width: 16, textCharacters: 5000, characters: 500_000 }),
      dense({ width: 64, textCharacters: 5000, characters: 500_000 }),
      dense({ width: 64, characters: 500_000 })
    ],
    check: overfits
  },
  {
    id: 'iso-flop',
    title: 'The best size for a budget',
    varied: 'width against steps, at equal training FLOPs',
    lookFor: 'the best size is neither the smallest nor the largest',
    runs: [
      dense({ width: 80, characters: 200_000 }),
      ...[48, 32, 16].map((width) => dense({ width, lock: { to: 0, in: 'flops' } }))
    ],
    check: bestIsInside
  },
  {
    id: 'specialist',
    title: 'A small specialist against a large generalist',
    varied: 'the size, and the text: one domain alone, or all of them; both read as many characters',
    lookFor: 'on its domain the small model ends below the large one',
    runs: [dense({ shares: { var: 1 }, characters: 500_000 }), dense({ width: 80, characters: 500_000 })],
    check: isBetterAt('var')
  },
  {
    id: 'fine-tuned',
    title: 'A small model fine-tuned on one domain against a large generic one',
    varied: 'the size, and the text of the last steps: one domain alone, or all of them',
    lookFor: 'on its domain the small model falls below the large one, which it was above before',
    runs: [
      dense({ ...short, characters: 250_000, shares: { var: 1 }, from: trainedFirst(generic) }),
      dense({ width: 80, characters: 500_000 }),
      dense(generic),
      dense({ ...short, characters: 250_000, shares: { var: 1 } })
    ],
    check: isFineTuned('var')
  },
  {
    id: 'distillation',
    title: 'A student with a teacher, or with text alone',
    varied: 'the teacher, a larger model that is trained first, with little text and with much',
    lookFor: 'a student learns more from its teacher than from text alone, above all where there is little of it',
    runs: [dense(little), dense({ ...little, teacher }), dense(much), dense({ ...much, teacher })],
    check: learnsFromTeacher
  },
  {
    id: 'healing',
    title: 'Pruned, and healed by a short training',
    varied: 'the pruning of a trained model, before the same short training; pruned weights stay 0',
    lookFor: 'a few steps heal most of what pruning broke',
    runs: [
      dense(generic),
      dense({ ...short, from: { ...trainedFirst(generic), transforms: [halfPruned] } }),
      dense({ ...short, from: trainedFirst(generic) })
    ],
    check: heals
  },
  {
    id: 'tied-layers',
    title: 'Tied layers against untied ones',
    varied: 'the weights of eight layers: each has its own, or all have the same; beside them one layer alone',
    lookFor: 'tied layers end above untied ones, and below one layer, which has as many parameters',
    runs: [
      dense({ layers: 8, characters: 500_000 }),
      dense({ layers: 8, sharedLayers: true, characters: 500_000 }),
      dense({ layers: 1, characters: 500_000 })
    ],
    check: tiedLayersPay
  },
  {
    id: 'more-data',
    title: 'More data, or more parameters',
    varied: 'width against steps, at equal training FLOPs',
    lookFor: 'the smaller model reads more text and ends lower, or does not',
    runs: [dense({ width: 64, characters: 500_000 }), dense({ width: 32, lock: { to: 0, in: 'flops' } })],
    check: endsBelow(1, 0, 'at equal training FLOPs')
  }
]
