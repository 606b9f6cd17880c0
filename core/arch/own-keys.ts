/**
 * The keys of a config.json for what no other software has of its kind: a `model_type` of Moescope's own, so that nobody
 * runs the model as another, with `router`, the router of every layer with experts, and `num_hidden_groups: 1` (a key of
 * ALBERT) for layers that share their weights. All other keys are those of the kind whose tensor names the checkpoint
 * uses.
 */
import { problemsOf } from '../formats/problems'
import { routerSpecSchema } from '../routers'
import { type Architecture, moeLayers, moeShape, type RouterSpec, topKRouterSpec } from './architecture'
import { ConfigError, problem } from './describe/config-error'
import { found } from './describe/config-keys'

type Keys = Readonly<Record<string, unknown>>

const prefix = 'moescope_'

const { kind: usualKind } = topKRouterSpec(true)

/** The other router of such checkpoints, whose settings are several keys of theirs. */
const groupedKind = 'grouped'

/** True for the router of other software's checkpoints, whose setting is a key of theirs. */
export function isUsual({ kind }: RouterSpec): boolean {
  return kind === usualKind
}

/** Take the place of the keys of the same names; none for a model that is of its kind. */
export function ownKeys(architecture: Architecture): Record<string, unknown> {
  const [router] = moeLayers(architecture).map((layer) => moeShape(architecture, layer).router)
  const keys = {
    ...(router && !isUsual(router) && router.kind !== groupedKind ? { router } : {}),
    ...(architecture.sharedLayers ? { num_hidden_groups: 1 } : {})
  }
  if (Object.keys(keys).length === 0) return {}
  return { architectures: [], model_type: `${prefix}${architecture.modelType}`, ...keys }
}

/** A config.json without what Moescope's own keys say. */
export interface OwnKeys {
  /** Those of its kind. */
  readonly keys: Keys
  readonly router: RouterSpec | undefined
  /** True where all layers share their weights. */
  readonly sharedLayers: boolean
}

/** Reads Moescope's own keys. Throws `ConfigError` for a `router` that is none, and for groups other than one. */
export function takeOwnKeys(keys: Keys): OwnKeys {
  const { router, num_hidden_groups: groups, ...others } = keys
  const { model_type: modelType } = others
  if (typeof modelType !== 'string' || !modelType.startsWith(prefix)) {
    return { keys, router: undefined, sharedLayers: false }
  }
  if (router === undefined && groups === undefined) {
    throw new ConfigError(problem('router', `expected its kind and settings, found ${found(router)}`))
  }
  if (groups !== undefined && groups !== 1) {
    throw new ConfigError(
      problem('num_hidden_groups', `expected 1 (all layers share their weights), found ${found(groups)}`)
    )
  }
  return {
    keys: { ...others, model_type: modelType.slice(prefix.length) },
    router: router === undefined ? undefined : routerSpecOf(router),
    sharedLayers: groups === 1
  }
}

function routerSpecOf(router: unknown): RouterSpec {
  if (typeof router !== 'object' || router === null) {
    throw new ConfigError(problem('router', `expected its kind and settings, found ${found(router)}`))
  }
  const parsed = routerSpecSchema.safeParse(router)
  if (!parsed.success) throw new ConfigError(problem('router', problemsOf(parsed.error)))
  return parsed.data
}

/** The architecture with this router in every layer that has experts. */
export function withRouter(architecture: Architecture, router: RouterSpec): Architecture {
  const layers = architecture.layers.map((layer) =>
    layer.feedForward.kind === 'moe' ? { ...layer, feedForward: { ...layer.feedForward, router } } : layer
  )
  return { ...architecture, layers }
}
