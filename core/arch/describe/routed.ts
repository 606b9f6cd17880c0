/** Descriptions of models with a router of Moescope's own. */
import { reasonOf } from '../../reason'
import { routerOf } from '../../routers'
import type { LayerRouter } from '../../routers/router'
import type { RouterSpec } from '../architecture'
import { ConfigError, problem } from './config-error'
import type { Block, ModelDescription, MoeFeedForward } from './description'

/**
 * The model with this router before all of its experts. Throws `ConfigError` for settings that do not fit them.
 */
export function routedBy(router: RouterSpec, model: ModelDescription): ModelDescription {
  const known = new Map<Block, Block>()
  const routed = (block: Block): Block => {
    const found = known.get(block) ?? {
      ...block,
      feedForwards: block.feedForwards.map((each) =>
        each.kind === 'moe' ? requireFit(withRouter(router, each), model) : each
      )
    }
    known.set(block, found)
    return found
  }
  return { ...model, stacks: model.stacks.map((stack) => ({ ...stack, blocks: stack.blocks.map(routed) })) }
}

/** The network with this router; its gates are the router's own matter. */
export function withRouter(router: RouterSpec, network: MoeFeedForward): MoeFeedForward {
  return { ...network, router, normaliseGates: null }
}

/** The router of Moescope's own before the experts of a layer; undefined where it is that of the kind of model. */
export function layerRouter(
  { experts, topK, expertWidth, router }: MoeFeedForward,
  width: number
): LayerRouter | undefined {
  if (!router) return undefined
  return routerOf({ kind: 'moe', experts, topK, expertWidth, sharedWidth: 0, router }, width)
}

function requireFit(network: MoeFeedForward, { width }: ModelDescription): MoeFeedForward {
  try {
    layerRouter(network, width)
    return network
  } catch (error) {
    throw new ConfigError(problem('router', reasonOf(error)), { cause: error })
  }
}
