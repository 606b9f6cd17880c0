import type { Architecture, MoeFeedForward } from '../arch/architecture'
import { moeLayers, moeShape } from '../arch/architecture'
import { listOf } from '../list-of'
import { maskedScore } from './causal'
import type { Intervention } from './intervention'

/** Selection of the experts of one layer: top-k, none and no MoE at all, those after the top-1, or random. */
export type Choice = 'best' | 'no MoE' | 'after best' | 'random, uniform gates' | 'random, trained gates'

/** An intervention as it is computed: a graph, and what is given to it at every run. */
export interface InterventionPlan {
  /** The model with the numbers of experts that a token gets; its parameters lie as before. */
  readonly architecture: Architecture
  /** By MoE layer, in their order. */
  readonly choices: ReadonlyMap<number, Choice>
  /** By layer whose router chooses: added to the logits of each token by its id, `[vocabulary, experts]`. */
  readonly masks: ReadonlyMap<number, Float32Array>
  /** Two plans of the same key have the same graph. */
  readonly key: string
}

/**
 * The plan of interventions, each on layers of its own; without one, the model as it is. Throws a `RangeError` that names
 * layer and expert for what the model does not have, where fewer experts are left than each token needs, and where two
 * interventions meet in a layer.
 */
export function interventionPlan(architecture: Architecture, ...interventions: Intervention[]): InterventionPlan {
  const routed = moeLayers(architecture)
  if (routed.length === 0 && interventions.length > 0) {
    throw new RangeError('the model is dense: it has no router to change')
  }
  const changes = new Map<number, LayerChange>()
  for (const intervention of interventions) {
    for (const layer of intervention.layer === undefined ? routed : [intervention.layer]) {
      if (changes.has(layer)) throw new RangeError(`layer ${layer}: expected one intervention, found another`)
      const site = { layer, shape: moeShape(architecture, layer), vocabularySize: architecture.vocabularySize }
      changes.set(layer, changeOf(intervention, site))
    }
  }
  const layers = architecture.layers.map((each, layer) => {
    const topK = changes.get(layer)?.topK
    const { feedForward } = each
    return feedForward.kind === 'moe' && topK !== undefined ? { ...each, feedForward: { ...feedForward, topK } } : each
  })
  const choices = new Map(routed.map((layer) => [layer, changes.get(layer)?.choice ?? ('best' as const)]))
  const masks = routed.flatMap((layer): [number, Float32Array][] => {
    if (choices.get(layer) !== 'best') return []
    const { experts } = moeShape(architecture, layer)
    return [[layer, changes.get(layer)?.mask ?? new Float32Array(architecture.vocabularySize * experts)]]
  })
  const changedArchitecture = { ...architecture, layers }
  const key = routed.map((layer) => `${choices.get(layer)} of ${moeShape(changedArchitecture, layer).topK}`).join('; ')
  return { architecture: changedArchitecture, choices, masks: new Map(masks), key }
}

/** The layers whose MoE a plan leaves out. */
export function skippedLayers({ choices }: Pick<InterventionPlan, 'choices'>): ReadonlySet<number> {
  return new Set([...choices].flatMap(([layer, choice]) => (choice === 'no MoE' ? [layer] : [])))
}

interface LayerChange {
  readonly choice?: Choice
  readonly topK?: number
  readonly mask?: Float32Array
}

interface LayerSite {
  readonly layer: number
  readonly shape: MoeFeedForward
  readonly vocabularySize: number
}

function changeOf(intervention: Intervention, site: LayerSite): LayerChange {
  const { layer, shape } = site
  switch (intervention.kind) {
    case 'mask':
      return maskExperts(intervention.experts, site)
    case 'skip-moe':
      return { choice: 'no MoE' }
    case 'drop-best': {
      const topK = intervention.replace ? shape.topK : shape.topK - 1
      if (topK < 1) throw new RangeError(`layer ${layer}: each token has one expert, and none without its best`)
      requireLeft(shape.experts - 1, shape, topK, `layer ${layer}: without the top-1 expert`)
      return { choice: 'after best', topK }
    }
    case 'force':
      return forceExpert(intervention.expert, intervention.tokens, site)
    case 'random':
      return { choice: `random, ${intervention.gates} gates` }
    case 'top-k':
      requireWithin(intervention.topK, 1, shape.experts, `layer ${layer}: expected a number of experts of each token`)
      return { topK: intervention.topK }
  }
}

function maskExperts(experts: readonly number[], { layer, shape, vocabularySize }: LayerSite): LayerChange {
  if (experts.length === 0) throw new RangeError(`layer ${layer}: no expert is named that is to be masked`)
  for (const expert of experts) requireExpert(expert, layer, shape)
  const masked = new Set(experts)
  const where = `layer ${layer}: without ${listOf('expert', [...masked])}`
  requireLeft(shape.experts - masked.size, shape, shape.topK, where)
  return { mask: maskOf(vocabularySize, shape.experts, (_, expert) => masked.has(expert)) }
}

function forceExpert(
  forced: number,
  tokens: readonly number[] | undefined,
  { layer, shape, vocabularySize }: LayerSite
): LayerChange {
  requireExpert(forced, layer, shape)
  for (const token of tokens ?? []) requireWithin(token, 0, vocabularySize - 1, 'expected the id of a token')
  const named = tokens && new Set(tokens)
  return {
    mask: maskOf(vocabularySize, shape.experts, (token, expert) => expert !== forced && (named?.has(token) ?? true))
  }
}

function maskOf(tokens: number, experts: number, masks: (token: number, expert: number) => boolean): Float32Array {
  return Float32Array.from({ length: tokens * experts }, (_, i) =>
    masks(Math.floor(i / experts), i % experts) ? maskedScore : 0
  )
}

function requireExpert(expert: number, layer: number, { experts }: MoeFeedForward): void {
  requireWithin(expert, 0, experts - 1, `layer ${layer}: expected an expert`)
}

function requireLeft(left: number, { experts }: MoeFeedForward, topK: number, where: string): void {
  if (left >= topK) return
  throw new RangeError(
    `${where} ${left === 0 ? 'none' : `only ${left}`} of ${experts} is left, but each token needs ${topK}`
  )
}

function requireWithin(value: number, least: number, most: number, expected: string): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new RangeError(`${expected} from ${least} to ${most}, found ${value}`)
}
