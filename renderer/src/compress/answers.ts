/** Questions about making models smaller, each answered in a sentence with figures of the sweeps that have ended. */

import { moeLayers, moeShape } from '@core/arch/architecture'
import { isFamilySize } from '@core/scaling/dense-family'
import { formatChange, formatLoss, formatPercent, formatRatio } from '../charts/format'
import { formatBytes } from '../charts/format-large'
import type { LibraryModel } from '../state/library'
import { intervalOf, intervalText } from './interval'
import { type MeasuredPoint, type Sweep, smallIncrease, valueOf } from './sweeps'

export interface Answer {
  readonly question: string
  /** Undefined where nothing that was measured tells: `missing` says what would. */
  readonly sentence: string | undefined
  readonly missing: string
}

/** The part of a model that answers need. */
export type AnsweredModel = Pick<LibraryModel, 'id' | 'total' | 'loss' | 'architecture' | 'own'>

/** @param sweepsOf the known sweeps of a model, by its id */
export function answersOf(
  model: AnsweredModel,
  models: readonly AnsweredModel[],
  sweepsOf: (id: string) => readonly Sweep[]
): Answer[] {
  const sweeps = sweepsOf(model.id).filter(isAlone)
  return [
    {
      question: `How many bits does ${model.id} need?`,
      sentence: bitsNeeded(sweeps),
      missing: 'Measure bits by round to nearest or GPTQ.'
    },
    {
      question: 'Is a large model in four bits better than a small one in full precision?',
      sentence: largeAgainstSmall(models, sweepsOf),
      missing: 'Measure bits of a shipped dense model, the larger the better.'
    },
    ...(moeLayers(model.architecture).length > 0
      ? [
          {
            question: 'Which experts can be pruned, and which criterion finds them best?',
            sentence: bestExpertChoice(model, sweeps),
            missing: 'Measure expert pruning by one of its ways to choose: chance is measured beside it.'
          }
        ]
      : [])
  ]
}

/** Sweeps of one transform, not of a chain. */
function isAlone({ measured }: Sweep): boolean {
  return measured[0]?.chain.length === 1
}

function bitsNeeded(sweeps: readonly Sweep[]): string | undefined {
  const points = sweeps
    .filter(({ setting }) => setting === 'bits')
    .flatMap((sweep) => sweep.measured.map((point) => ({ sweep, point, bits: Number(valueOf(point, sweep)) })))
  if (points.length === 0) return undefined
  const told = ({ sweep, point, bits }: (typeof points)[number]) =>
    `${bits} bits by ${sweep.name}: ${formatChange(point.delta)} nats per character ${intervalText(point)}`
  const best = (among: typeof points) => among.toSorted((a, b) => a.point.delta - b.point.delta)[0]
  const good = points.filter(({ point }) => point.delta <= smallIncrease)
  const fewest = Math.min(...good.map(({ bits }) => bits))
  const chosen = best(good.filter(({ bits }) => bits === fewest))
  if (!chosen) {
    const least = best(points)
    return (
      least && `Not here: nothing that was measured costs less than ${smallIncrease} nats; the least, ${told(least)}.`
    )
  }
  const fewer = points.filter(({ bits }) => bits < fewest)
  const next = best(fewer.filter(({ bits }) => bits === Math.max(...fewer.map((each) => each.bits))))
  const share = formatPercent(chosen.point.bytes / chosen.sweep.before.bytes)
  return `${told(chosen)}, at ${share} of its bytes${next ? `; ${told(next)}` : ''}.`
}

/** The largest dense model that was measured in four bits, beside that in full whose bytes are nearest to it. */
function largeAgainstSmall(
  models: readonly AnsweredModel[],
  sweepsOf: (id: string) => readonly Sweep[]
): string | undefined {
  const dense = models.filter(({ own, loss, architecture }) => !own && loss && isFamilySize(architecture))
  const fourBits = dense.flatMap((model) => {
    const found = sweepsOf(model.id)
      .filter((sweep) => isAlone(sweep) && sweep.setting === 'bits')
      .flatMap((sweep) => sweep.measured.filter((point) => valueOf(point, sweep) === '4'))
    const [point] = found.toSorted((a, b) => a.delta - b.delta)
    return point ? [{ model, point }] : []
  })
  const pairs = fourBits.flatMap(({ model, point }) => {
    const smaller = dense.filter(({ total }) => total < model.total)
    const apart = ({ total }: AnsweredModel) => Math.abs(Math.log((floatBytes * total) / point.bytes))
    const [small] = smaller.toSorted((a, b) => apart(a) - apart(b))
    return small ? [{ model, point, small }] : []
  })
  const largest = pairs.toSorted((a, b) => b.model.total - a.model.total)[0]
  if (!largest?.model.loss || !largest.small.loss) return undefined
  const { model, point, small } = largest
  const [large, full] = [largest.model.loss.mean + point.delta, largest.small.loss.mean]
  const figures =
    `${model.id} in four bits has ${formatLoss(large)} nats per character in ${formatBytes(point.bytes)}, ` +
    `${small.id} in full ${formatLoss(full)} in ${formatBytes(floatBytes * small.total)}`
  const bytes = `with ${formatRatio(point.bytes / (floatBytes * small.total))} the bytes`
  return large < full
    ? `Yes: ${figures}; it ends ${formatLoss(full - large)} lower ${bytes}.`
    : `Not here: ${figures}; it ends ${formatLoss(large - full)} higher ${bytes}.`
}

/** Bytes of a weight in full. */
const floatBytes = 4

/** Ways to choose experts at the largest number that is left and that most of them were measured at. */
function bestExpertChoice({ architecture }: AnsweredModel, sweeps: readonly Sweep[]): string | undefined {
  const points = new Map<string, { by: string; keep: number; point: MeasuredPoint }>()
  for (const sweep of sweeps.flatMap((each) => (each.baseline ? [each, each.baseline] : [each]))) {
    for (const point of sweep.measured) {
      const [spec] = point.chain
      if (spec?.id === 'experts') {
        points.set(`${spec.by} ${spec.keep}`, { by: String(spec.by), keep: Number(spec.keep), point })
      }
    }
  }
  const all = [...points.values()]
  const counts = all.map(({ keep }) => all.filter((each) => each.keep === keep).length)
  const most = Math.max(...counts)
  const keep = Math.max(...all.filter((_, i) => counts[i] === most).map((each) => each.keep))
  const ranked = all.filter((each) => each.keep === keep).toSorted((a, b) => a.point.delta - b.point.delta)
  const [best, ...others] = ranked
  const chance = ranked.find(({ by }) => by === 'random')
  if (!best || others.length === 0) return undefined
  const [layer = 0] = moeLayers(architecture)
  const gone = `${moeShape(architecture, layer).experts - keep} of ${moeShape(architecture, layer).experts} experts of each layer`
  const figure = ({ by, point }: typeof best) =>
    `${by} ${formatChange(point.delta)}${by === 'random' ? ` (${intervalText(point)})` : ''}`
  const figures = ranked.map(figure).join(', ')
  const low = chance && intervalOf(chance.point)?.low
  if (best.by === 'random' || (low !== undefined && best.point.delta >= low)) {
    return `Not here: with ${gone} gone nothing that was measured is better than chance in nats per character: ${figures}.`
  }
  return `Of ${gone}, ${best.by} tells best which can go, in nats per character: ${figures}.`
}
