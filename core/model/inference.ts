/** Graphs that generate text: one reads the prompt, the other one more token. */
import type { Architecture } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { input } from '../graph/expression'
import { add, concatenate, expandLike, gather, split } from '../graph/operators'
import { expertNumbers } from '../routers/routing'
import type { KeysAndValues } from './attention'
import { causalMaskOf } from './causal'
import type { ExpertDispatch } from './experts/dispatch'
import type { LayerRouting, TransformerResult, TransformerSite } from './transformer'
import { transformer } from './transformer'
import type { Weights } from './weights'

/** Differences from the model as it is. */
export interface InferenceOptions {
  /** Experts can be masked: for each MoE layer L there is an input `mask_L` float32 `[1, experts]`, added to its logits. */
  readonly masked?: boolean
  /** Layers whose MoE is left out. They have no mask, and no rows in `routing`. */
  readonly skipped?: ReadonlySet<number>
}

/**
 * Reads any number of tokens from the start of a text.
 *
 * Inputs: `tokens` int32 `[tokens]`, `positions` int64 `[1, tokens]`, and those of the options.
 * Outputs: `logits` float32 `[tokens, vocabulary]`; `new_cache` float32 `[2 * layers, keyValueHeads, tokens, headSize]`
 * (keys and values of layer 0, then of layer 1, ...); with experts `routing` float32
 * `[MoE layers * tokens, experts + 2 k]`, all in one because an output costs as much as a small layer: the router's
 * logits, the k chosen experts, best first (-1 for an empty place), and their gates; where tokens can be dropped k more,
 * 1 for a choice that was.
 */
export function prefill(
  architecture: Architecture,
  weights: Weights,
  dispatch: ExpertDispatch,
  options: InferenceOptions = {}
): Record<string, Expression> {
  const tokens = input('tokens', 'int32', ['tokens'])
  const positions = input('positions', 'int64', [1, 'tokens'])
  const mask = causalMaskOf(tokens)
  const x = gather(weights.embedding, tokens)
  return outputsOf(transformer({ architecture, weights, dispatch, ...masking(options), tokens, x, positions, mask }))
}

/**
 * Reads one token after those in the cache.
 *
 * Inputs: `tokens` int32 `[1]`, `positions` int64 `[1, 1]`, `cache` float32
 * `[2 * layers, keyValueHeads, capacity, headSize]`, `mask` float32 `[1, capacity + 1]` (0 for filled places of the
 * cache and for the token itself, which comes last; very negative for empty ones), and those of the options. Outputs as
 * of `prefill`.
 */
export function decode(
  architecture: Architecture,
  weights: Weights,
  dispatch: ExpertDispatch,
  options: InferenceOptions = {}
): Record<string, Expression> {
  const { keyValueHeads, headSize } = uniformAttention(architecture)
  const tokens = input('tokens', 'int32', [1])
  const positions = input('positions', 'int64', [1, 1])
  const cache = input('cache', 'float32', [2 * architecture.layers.length, keyValueHeads, 'capacity', headSize])
  const mask = input('mask', 'float32', [1, 'capacity+1'])
  const x = gather(weights.embedding, tokens)
  const past = pastOf(cache, architecture.layers.length)
  return outputsOf(
    transformer({ architecture, weights, dispatch, ...masking(options), tokens, x, positions, mask, past })
  )
}

/** The rule of `Mask` in core/model/intervention.ts, with the masked experts given at every run. */
function masking({ masked = false, skipped }: InferenceOptions): Pick<TransformerSite, 'reroute' | 'skipped'> {
  if (!masked) return skipped ? { skipped } : {}
  return {
    ...(skipped && { skipped }),
    reroute: (router, site, { layer, shape }) => {
      const mask = expandLike(input(`mask_${layer}`, 'float32', [1, shape.experts]), site.logits)
      return router.route({ ...site, logits: add(site.logits, mask), mask })
    }
  }
}

/** The attention shape that all layers share; throws when they differ, because the cache is one tensor. */
export function uniformAttention(architecture: Architecture): { keyValueHeads: number; headSize: number } {
  const [first, ...rest] = architecture.layers.map((layer) => layer.attention)
  if (!first) throw new Error('a model needs at least one layer')
  if (rest.some((each) => each.keyValueHeads !== first.keyValueHeads || each.headSize !== first.headSize)) {
    throw new Error('layers whose attention differs in heads cannot share one cache')
  }
  return first
}

function pastOf(cache: Expression, layers: number): KeysAndValues[] {
  const parts = split(
    cache,
    Array.from({ length: 2 * layers }, () => 1),
    0
  )
  return Array.from({ length: layers }, (_, layer) => ({
    keys: parts[2 * layer] as Expression,
    values: parts[2 * layer + 1] as Expression
  }))
}

function outputsOf({ logits, present, routing }: TransformerResult): Record<string, Expression> {
  const outputs: Record<string, Expression> = {
    logits,
    new_cache: concatenate(
      present.flatMap(({ keys, values }) => [keys, values]),
      0
    )
  }
  if (routing.length === 0) return outputs
  return { ...outputs, routing: concatenate(routing.map(rowsOf), 0) }
}

function rowsOf(routing: LayerRouting): Expression {
  const { logits, gates, dropped } = routing
  return concatenate([logits, expertNumbers(routing), gates, ...(dropped ? [dropped] : [])], 1)
}
