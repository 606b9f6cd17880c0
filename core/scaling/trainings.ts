/** Trainings as the points of a law: what was trained, on how much, and the loss that came of it. */
import { type Architecture, moeLayers } from '../arch/architecture'
import { countParameters } from '../arch/count/count'
import { canonicalJson } from '../canonical-json'
import type { TrainedPoint } from './fit-law'
import { type BestSize, bestSize } from './iso-flop'
import type { MeasuredRun } from './measured-run'

/** A training's report as far as it is read here. */
interface PaidRun extends MeasuredRun {
  readonly corpus: GeneratedText | { readonly kind: 'text' }
  /** Floating-point operations of the training. */
  readonly flops: number
}

interface GeneratedText {
  readonly characters: number
  readonly world: object
  readonly shares?: object
}

/** A training that has come to its end. */
export interface ReportedTraining {
  readonly report: PaidRun
  /** Undefined where nothing says it. */
  readonly architecture: Architecture | undefined
}

/** The outcome of a training, and what it cost. */
export interface PaidPoint extends TrainedPoint {
  /** Floating-point operations of the training. */
  readonly flops: number
}

/** The trainings of dense models among others, which are counted. */
export interface DenseTrainings {
  readonly points: readonly PaidPoint[]
  /** The entropy of their corpus, in nats per token; undefined for no trainings. */
  readonly floor: number | undefined
  readonly leftOut: { readonly experts: number; readonly repeated: number; readonly unknown: number }
}

/** Reading a text twice does about as much as reading another one (Muennighoff et al. 2023, section 5). */
const mostReadings = 2

/**
 * The trainings that one law may describe: of dense models, on text that was read at most twice. Throws a `RangeError`
 * for trainings on several corpora, or on a text of the user's, of which neither length nor entropy is known.
 */
export function denseTrainings(trainings: readonly ReportedTraining[]): DenseTrainings {
  const generated = trainings.map(({ report, architecture }) => ({ report, architecture, text: textOf(report) }))
  const [world, other] = new Set(
    generated.map(({ text: { world, shares } }) => canonicalJson(shares ? { ...world, shares } : world))
  )
  if (world !== undefined && other !== undefined) {
    throw new RangeError(
      `a law holds for one corpus, and these reports are of several: ${world} and ${other}. Give those of one alone`
    )
  }
  const leftOut = { experts: 0, repeated: 0, unknown: 0 }
  const points: PaidPoint[] = []
  for (const { report, architecture, text } of generated) {
    const { characters, flops, result } = report
    if (!architecture) leftOut.unknown++
    else if (moeLayers(architecture).length > 0) leftOut.experts++
    else if (characters > mostReadings * text.characters) leftOut.repeated++
    else {
      points.push({ parameters: countParameters(architecture).total, tokens: characters, loss: result.loss, flops })
    }
  }
  return { points, floor: trainings[0]?.report.floor?.total, leftOut }
}

function textOf({ corpus }: PaidRun): GeneratedText {
  if (!('kind' in corpus)) return corpus
  throw new RangeError("a law needs trainings on generated text, and one of these has read a user's own: leave it out")
}

/** A compute budget that several sizes spent. */
export interface SpentBudget {
  readonly flops: number
  /** One for each training, ascending by size. */
  readonly points: readonly PaidPoint[]
  /** Undefined where the best size was not among them. */
  readonly best: BestSize | undefined
}

/** Compute is the same when it differs by no more than what a step more or less makes of the shortest training. */
const sameCompute = 0.02

/** The budgets that three sizes or more spent, ascending. */
export function spentBudgets(points: readonly PaidPoint[]): SpentBudget[] {
  return groupsOfEqualCompute(points)
    .filter((group) => new Set(group.map(({ parameters }) => parameters)).size >= 3)
    .map((group) => ({
      flops: Math.exp(group.reduce((sum, { flops }) => sum + Math.log(flops), 0) / group.length),
      points: group.toSorted((a, b) => a.parameters - b.parameters),
      best: bestSize(group)
    }))
}

/** Each group begins with its smallest compute, ascending. */
function groupsOfEqualCompute(points: readonly PaidPoint[]): readonly PaidPoint[][] {
  const groups: [PaidPoint, ...PaidPoint[]][] = []
  for (const point of points.toSorted((a, b) => a.flops - b.flops)) {
    const group = groups.at(-1)
    if (group && point.flops <= group[0].flops * (1 + sameCompute)) group.push(point)
    else groups.push([point])
  }
  return groups
}
