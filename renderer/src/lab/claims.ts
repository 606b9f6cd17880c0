/** Claims of experiments, each checked on the runs in their order and answered in a sentence with figures. */
import type { DomainId } from '@core/corpus'
import { formatCount, formatLoss, formatPercent, formatRatio } from '../charts/format'
import type { EndedRun } from './ended-run'

/** The outcome of an experiment, in a sentence with figures. */
export interface Verdict {
  /** Undefined where the runs do not tell. */
  readonly holds: boolean | undefined
  readonly sentence: string
}

/** Answers a claim. Throws a `RangeError` when it is of more runs than there are. */
export type Claim = (ended: readonly EndedRun[]) => Verdict

/** One run ends below another one. @param how they are alike, as `at equal training FLOPs` */
export function endsBelow(low: number, high: number, how: string): Claim {
  return (ended) => {
    const [expected, other] = [nth(ended, low), nth(ended, high)]
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
}

/** The busiest expert of the first run gets more than one and a half times as much as that of any other run. */
export const collapses: Claim = ([without, ...cured]) => {
  const loads = cured.flatMap(({ name, largestLoad }) => (largestLoad === undefined ? [] : [{ name, largestLoad }]))
  const own = without?.largestLoad
  if (own === undefined || loads.length < cured.length || loads.length === 0) {
    return { holds: undefined, sentence: 'The load of the experts is not known of these runs: train them anew.' }
  }
  const shares = loads.map(({ name, largestLoad }) => `${name} ${formatPercent(largestLoad)}`)
  return {
    holds: loads.every(({ largestLoad }) => own > 1.5 * largestLoad),
    sentence: `Without balancing the busiest expert gets ${formatPercent(own)} of the assignments of its layer; with a cure: ${listed(shares)}.`
  }
}

/** The second run has gained more right answers on the first one in memory than in computation. */
export const gainsInMemory: Claim = (ended) => {
  const [dense, moe] = [nth(ended, 0), nth(ended, 1)]
  const gain = {
    memory: moe.memory.right - dense.memory.right,
    computation: moe.computation.right - dense.computation.right
  }
  if (Number.isNaN(gain.memory) || Number.isNaN(gain.computation)) {
    return { holds: undefined, sentence: 'The answers of these runs were not scored: train them anew.' }
  }
  const figures = (group: 'memory' | 'computation') =>
    `${formatPercent(moe[group].right)} of the answers of ${group} against ${formatPercent(dense[group].right)}`
  return {
    holds: gain.memory > gain.computation,
    sentence: `${moe.name} gets ${figures('memory')} right, and ${figures('computation')}: it gains ${gain.memory > gain.computation ? 'more' : 'no more'} in memory.`
  }
}

/** From run to run, in the order of their sizes, a doubling of the parameters saves less; the law is fitted to all of them. */
export const diminishes: Claim = (ended) => {
  const sizes = ended.toSorted((a, b) => a.total - b.total)
  const savings = sizes.slice(1).map((larger, i) => {
    const smaller = nth(sizes, i)
    return (smaller.loss - larger.loss) / Math.log2(larger.total / smaller.total)
  })
  const [first = Number.NaN, last = Number.NaN] = [savings[0], savings.at(-1)]
  const diminishing = savings.every((saving, i) => i === 0 || saving < (savings[i - 1] ?? Number.NaN))
  const [smallest, largest] = [nth(sizes, 0), nth(sizes, sizes.length - 1)]
  return {
    holds: diminishing,
    sentence: `A doubling of the parameters saves ${formatLoss(first)} nats from ${smallest.name} on and ${formatLoss(last)} up to ${largest.name}${diminishing ? ', less each time' : ', but not less each time'}; over ${sizes.length} sizes the loss above the floor falls as N^-${exponentOf(sizes).toFixed(2)}, fitted.`
  }
}

/** The exponent b of loss - floor = a N^-b, N the total parameters, by least squares of the logarithms. */
function exponentOf(runs: readonly EndedRun[]): number {
  const points = runs.map(({ total, loss, floor }) => [Math.log(total), Math.log(loss - floor)] as const)
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const slope =
    points.reduce((sum, [at, height]) => sum + (at - x) * (height - y), 0) /
    points.reduce((sum, [at]) => sum + (at - x) ** 2, 0)
  return -slope
}

/** The second run, the larger one, ends further above its own lowest validation loss than the first one. */
export const overfits: Claim = (ended) => {
  const [small, large] = [nth(ended, 0), nth(ended, 1)]
  const rise = ({ loss, lowest }: EndedRun) => loss - lowest
  const reads = `${formatCount(large.text)} characters, read ${Math.round(large.characters / large.text)} times`
  return {
    holds: rise(large) > rise(small),
    sentence: `On ${reads}, ${large.name} ends ${formatLoss(rise(large))} above its lowest validation loss, with a training loss of ${formatLoss(large.trainingLoss)} against ${formatLoss(large.loss)} on text that it has not seen; ${small.name} ends ${formatLoss(rise(small))} above, with ${formatLoss(small.trainingLoss)} against ${formatLoss(small.loss)}.`
  }
}

/** On one domain the first run, the specialist, ends below the second one, which was trained on all. */
export function isBetterAt(domain: DomainId): Claim {
  return (ended) => {
    const [specialist, generalist] = [nth(ended, 0), nth(ended, 1)]
    const [own, other] = [specialist.domains[domain], generalist.domains[domain]]
    if (own === undefined || other === undefined) {
      return {
        holds: undefined,
        sentence: `One of these runs has no loss on ${domain}: its text has no document of it.`
      }
    }
    const better = own < other
    return {
      holds: better,
      sentence: `On ${domain} ${specialist.name}, with ${formatRatio(specialist.total / generalist.total)} the parameters, ends ${formatLoss(Math.abs(other - own))} nats per character ${better ? 'below' : 'above'} ${generalist.name}: ${formatLoss(own)} against ${formatLoss(other)}.`
    }
  }
}

/**
 * On one domain the first run, a small model that was fine-tuned on it, ends below the second one, a large one of all
 * domains. The fourth run is the same training from random weights.
 */
export function isFineTuned(domain: DomainId): Claim {
  return (ended) => {
    const { holds, sentence } = isBetterAt(domain)(ended)
    const [before, alone] = [nth(ended, 0).before, nth(ended, 3).domains[domain]]
    if (holds === undefined || before === undefined || alone === undefined) return { holds, sentence }
    return {
      holds,
      sentence: `${sentence} Before, it had ${formatLoss(before)}; from random weights the same training comes to ${formatLoss(alone)}.`
    }
  }
}

/** With little text (the first two runs) and with much (the last two) a student ends lower with a teacher than alone. */
export const learnsFromTeacher: Claim = (ended) => {
  const pairs = [
    { how: 'with little text', alone: nth(ended, 0), taught: nth(ended, 1) },
    { how: 'with much', alone: nth(ended, 2), taught: nth(ended, 3) }
  ]
  const figures = pairs.map(({ how, alone, taught }) => {
    const gain = alone.loss - taught.loss
    return `${how} (${formatCount(alone.text)} characters) it ends ${formatLoss(Math.abs(gain))} ${gain > 0 ? 'below' : 'above'} the same student alone, ${formatLoss(taught.loss)} against ${formatLoss(alone.loss)}`
  })
  const better = pairs.filter(({ alone, taught }) => taught.loss < alone.loss)
  return {
    holds: better.length === pairs.length,
    sentence: `A student with a teacher learns more ${better.length === 2 ? 'in both cases' : better.length === 0 ? 'in neither case' : `${better[0]?.how} alone`}: ${figures.join('; ')} nats per character.`
  }
}

/**
 * Of what pruning has broken in the second run, against the third one, which trains on unpruned, less than half is left
 * after the same steps.
 */
export const heals: Claim = (ended) => {
  const [pruned, control] = [nth(ended, 1), nth(ended, 2)]
  if (pruned.before === undefined || control.before === undefined) {
    return {
      holds: undefined,
      sentence: 'The losses before the first step are not known of these runs: train them anew.'
    }
  }
  const [broken, left] = [pruned.before - control.before, pruned.loss - control.loss]
  return {
    holds: left < broken / 2,
    sentence: `Pruning raises the loss from ${formatLoss(control.before)} to ${formatLoss(pruned.before)}; after ${formatCount(pruned.characters)} characters of training it is ${formatLoss(pruned.loss)}, against ${formatLoss(control.loss)} after the same steps unpruned: of ${formatLoss(broken)} broken ${formatLoss(left)} are left, ${formatPercent(1 - left / broken)} is healed.`
  }
}

/** Tied layers, the second run, end below a shallow model of as many parameters, the third one; the first run is untied. */
export const tiedLayersPay: Claim = (ended) => {
  const [untied, tied, shallow] = [nth(ended, 0), nth(ended, 1), nth(ended, 2)]
  const [lost, gained] = [tied.loss - untied.loss, shallow.loss - tied.loss]
  const place = (difference: number) => `${formatLoss(Math.abs(difference))} ${difference > 0 ? 'above' : 'below'}`
  return {
    holds: gained > 0,
    sentence: `Tied, the layers have ${formatCount(tied.total)} parameters instead of ${formatCount(untied.total)} and end ${place(lost)} the untied ones, ${formatLoss(tied.loss)} against ${formatLoss(untied.loss)} nats per character; they end ${place(-gained)} ${shallow.name} of ${formatCount(shallow.total)} parameters (${formatLoss(shallow.loss)}).`
  }
}

/** Of runs of one budget the one with the lowest loss is neither the smallest nor the largest. */
export const bestIsInside: Claim = (ended) => {
  const sizes = ended.toSorted((a, b) => a.total - b.total)
  const best = sizes.reduce((low, run) => (run.loss < low.loss ? run : low), nth(sizes, 0))
  const inside = best !== sizes[0] && best !== sizes.at(-1)
  const losses = sizes.map(({ name, total, loss }) => `${name} (${formatCount(total)}) ${formatLoss(loss)}`)
  return {
    holds: inside,
    sentence: `At equal training FLOPs ${best.name} ends lowest, ${inside ? 'between smaller and larger ones' : 'at the edge of the sizes'}: ${listed(losses)} nats per character.`
  }
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

function nth(ended: readonly EndedRun[], place: number): EndedRun {
  const found = ended[place]
  if (!found) throw new RangeError(`the claim is of run ${place}; there are ${ended.length}`)
  return found
}
