/** Names of models and their figures on the screen. */
import { specText } from '@core/compress/spec-text'
import { reasonText, type Worth } from '@core/scaling/worth'
import { formatCount, formatRatio } from '../charts/format'
import type { Pair } from '../compare/choices'
import type { LibraryModel, ModelCompression } from '../state/library'

/** `Dense 101 k`, `MoE 579 k`. */
export function modelName({ role, total }: LibraryModel): string {
  return `${role === 'dense' ? 'Dense' : 'MoE'} ${formatCount(total)}`
}

/** Its shape in a line. */
export function modelShape({ architecture }: LibraryModel): string {
  const { layers, width } = architecture
  const [first] = layers
  if (!first) return ''
  const { feedForward } = first
  const inside =
    feedForward.kind === 'dense'
      ? `FFN width ${feedForward.width}`
      : `top-${feedForward.topK} of ${feedForward.experts} experts, FFN width ${feedForward.expertWidth}` +
        (feedForward.sharedWidth > 0 ? `, shared expert ${feedForward.sharedWidth}` : '')
  return `${layers.length} ${layers.length === 1 ? 'layer' : 'layers'} · d ${width} · ${inside}`
}

/** The making of a compressed model: `made of moe-64 by rtn:bits=4,block=32`. */
export function compressionText({ transforms, from }: ModelCompression): string {
  return `${from ? `made of ${from.id}` : 'made smaller'} by ${transforms.map(specText).join(', then ')}`
}

/** The question of the screen. */
export function questionOf(pair: Pair): string {
  switch (pair) {
    case 'equal-active':
      return 'What do experts add at equal active parameters?'
    case 'equal-total':
      return 'What do experts save at equal total parameters?'
    case 'free':
      return 'Two models side by side: what does the difference buy?'
  }
}

/** A sentence around the largest thing on the screen, and where it comes from. */
export interface Answer {
  readonly before: string
  readonly figure: string
  readonly after: string
  readonly detail: string
}

/** Answer of the shipped measurements for a pair of models. */
export function answerOf(pair: Pair, left: LibraryModel, right: LibraryModel): Answer {
  const moe = [right, left].find(({ role }) => role === 'moe')
  const dense = [left, right].find(({ role }) => role === 'dense')
  if (!moe || !dense) return lossAnswer(left, right)
  const active = formatCount(moe.active.all)
  if (pair === 'equal-total') {
    return {
      before: 'Each token of the MoE uses',
      figure: formatRatio(dense.active.all / moe.active.all),
      after: 'fewer parameters',
      detail: `At ${formatCount(moe.total)} total parameters each, the MoE has ${active} active and ${worthText(moe.worth.total)} effective (dense-equivalent) parameters.`
    }
  }
  const { effective, perActive } = moe.worth.total
  const { estimate, low, high } = perActive
  const ratio = estimate ?? low ?? high
  if (ratio === null) {
    const reason = effective.kind === 'undetermined' ? reasonText(effective) : 'no dense family was trained'
    return { ...lossAnswer(left, right), detail: `Its effective parameters are undetermined: ${reason}.` }
  }
  const bound = estimate !== null ? '' : low !== null ? '>\u00a0' : '<\u00a0'
  const open = effective.kind === 'undetermined' ? ` No single figure: ${reasonText(effective)}.` : ''
  return {
    before: 'Effective parameters of the MoE:',
    figure: `${bound}${formatRatio(ratio)}`,
    after: 'its active ones',
    detail: `It computes like a dense model of ${active} and predicts like one of ${worthText(moe.worth.total)}: that is what it is worth.${open}`
  }
}

/** Effective parameters in words: `404 k (349 k – 454 k)`, `> 896 k`, `undetermined`. */
export function worthText({ effective }: Pick<Worth, 'effective'>): string {
  switch (effective.kind) {
    case 'itself':
      return formatCount(effective.size)
    case 'interval':
      return `${formatCount(effective.estimate)} (${formatCount(effective.low)} – ${formatCount(effective.high)})`
    case 'above':
      return `>\u00a0${formatCount(effective.bound)}`
    case 'below':
      return `<\u00a0${formatCount(effective.bound)}`
    case 'undetermined':
      if (effective.low !== undefined && effective.high !== undefined) {
        return `${formatCount(effective.low)} – ${formatCount(effective.high)}`
      }
      if (effective.low !== undefined) return `>\u00a0${formatCount(effective.low)}`
      if (effective.high !== undefined) return `<\u00a0${formatCount(effective.high)}`
      return 'undetermined'
  }
}

function lossAnswer(left: LibraryModel, right: LibraryModel): Answer {
  if (left.loss === null || right.loss === null) return sizeAnswer(left, right)
  const better = left.loss.mean < right.loss.mean ? left : right
  return {
    before: `${modelName(better)} predicts better by`,
    figure: Math.abs(left.loss.mean - right.loss.mean).toFixed(3),
    after: 'nats per character',
    detail: 'Mean surprise at unseen text; both were trained on the same characters.'
  }
}

/** The answer where nobody knows which of the two predicts better: what is known without a training report. */
function sizeAnswer(left: LibraryModel, right: LibraryModel): Answer {
  const unknown = left.loss === null ? left : right
  const [larger, smaller] = left.active.all < right.active.all ? [right, left] : [left, right]
  return {
    before: `Each token of ${modelName(larger)} uses`,
    figure: formatRatio(larger.active.all / smaller.active.all),
    after: `the parameters of ${modelName(smaller)}`,
    detail: `${modelName(unknown)} has no training report, so its loss is not known here. “moescope eval” measures both on a text of yours.`
  }
}
