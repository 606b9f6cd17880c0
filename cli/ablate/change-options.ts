/** Options of `moescope ablate` that say how a router is changed. */
import type { Architecture, MoeFeedForward } from '@core/arch/architecture'
import type { Intervention } from '@core/model/intervention'
import { everyExpert } from '@core/model/intervention'
import { UsageError } from '../terminal/errors'
import { wholeNumber } from '../terminal/options'

const repeated = { type: 'string', multiple: true, default: [] as string[] } as const

/** As `readOptions` takes them. */
export const changeOptions = {
  mask: repeated,
  'every-expert': { type: 'boolean', default: false },
  'drop-top': { type: 'boolean', default: false },
  random: { type: 'boolean', default: false },
  'top-k': repeated,
  force: repeated
} as const

/** Values of `changeOptions`. */
export interface ChangeValues {
  readonly mask: readonly string[]
  readonly 'every-expert': boolean
  readonly 'drop-top': boolean
  readonly random: boolean
  readonly 'top-k': readonly string[]
  readonly force: readonly string[]
}

/** Which changes were asked for. */
export interface ChosenChanges {
  readonly masks: readonly Place[]
  readonly forced: readonly Place[]
  readonly topKs: readonly number[]
  readonly everyExpert: boolean
  readonly dropTop: boolean
  readonly random: boolean
}

/** Experts of a layer, or of all. */
interface Place {
  readonly layer?: number
  readonly experts: readonly number[]
}

/** Reads the options; throws a `UsageError` that names one and says what it expects. */
export function readChanges(values: ChangeValues): ChosenChanges {
  return {
    masks: values.mask.map((text) => placeOf('--mask', text, 'L:E[,E...]')),
    forced: values.force.map((text) => placeOf('--force', text, 'L:E')),
    topKs: values['top-k'].map((text) => wholeNumber('--top-k', text)),
    everyExpert: values['every-expert'],
    dropTop: values['drop-top'],
    random: values.random
  }
}

/** The interventions on a model, one for each row; without any option, those that need no expert named. */
export function interventionsOf(chosen: ChosenChanges, architecture: Architecture): Intervention[] {
  const { masks, forced, topKs, dropTop, random } = chosen
  const shapes = architecture.layers.flatMap(({ feedForward }) => (feedForward.kind === 'moe' ? [feedForward] : []))
  const named = masks.length + forced.length + topKs.length > 0 || chosen.everyExpert || dropTop || random
  const ks = named ? topKs : usualKs(shapes)
  return [
    ...masks.map((place): Intervention => ({ kind: 'mask', ...place })),
    ...forced.map(({ experts: [expert = 0], ...place }): Intervention => ({ kind: 'force', ...place, expert })),
    ...(dropTop || !named ? droppedTops(shapes) : []),
    ...(random || !named
      ? (['uniform', 'trained'] as const).map((gates): Intervention => ({ kind: 'random', gates }))
      : []),
    ...ks.map((topK): Intervention => ({ kind: 'top-k', topK })),
    ...(chosen.everyExpert ? everyExpert(architecture) : [])
  ]
}

/** Both ways to lose the best, as far as every layer has experts enough. */
function droppedTops(shapes: readonly MoeFeedForward[]): Intervention[] {
  return [true, false]
    .filter((replace) => shapes.every(({ experts, topK }) => (replace ? topK < experts : topK > 1)))
    .map((replace) => ({ kind: 'drop-best', replace }))
}

/** One less and one more than trained, as far as there are. */
function usualKs(shapes: readonly MoeFeedForward[]): number[] {
  const [{ topK } = { topK: 0 }] = shapes
  return [topK - 1, topK + 1].filter((k) => shapes.every(({ experts }) => k >= 1 && k <= experts))
}

function placeOf(option: string, text: string, form: 'L:E' | 'L:E[,E...]'): Place {
  const pattern = form === 'L:E' ? /^(all|\d+):(\d+)$/ : /^(all|\d+):(\d+(?:,\d+)*)$/
  const [, layer, experts] = pattern.exec(text) ?? []
  if (layer === undefined || experts === undefined) {
    throw new UsageError(`${option}: expected ${form}, such as 0:3 or all:3, found '${text}'`)
  }
  return { ...(layer === 'all' ? {} : { layer: Number(layer) }), experts: experts.split(',').map(Number) }
}
