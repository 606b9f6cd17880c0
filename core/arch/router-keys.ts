/**
 * The keys of a config.json for a router that no other software has: a `model_type` of Moescope's own, so that nobody
 * runs the model with another router, and `router`, the router of every layer with experts. All other keys are those of
 * the kind whose tensor names the checkpoint uses.
 */
import { problemsOf } from '../formats/problems'
import { routerSpecSchema } from '../routers'
import { type Architecture, moeLayers, moeShape, type RouterSpec, topKRouterSpec } from './architecture'
import { ConfigError, problem } from './describe/config-error'
import { found } from './describe/config-keys'

type Keys = Readonly<Record<string, unknown>>

const prefix = 'moescope_'

const { kind: usualKind } = topKRouterSpec(true)

/** True for the router of other software's checkpoints, whose setting is a key of theirs. */
export function isUsual({ kind }: RouterSpec): boolean {
  return kind === usualKind
}

/** Take the place of the keys of the same names; none when the routers are those of the kind. */
export function routerKeys(architecture: Architecture): Record<string, unknown> {
  const [router] = moeLayers(architecture).map((layer) => moeShape(architecture, layer).router)
  if (!router || isUsual(router)) return {}
  return { architectures: [], model_type: `${prefix}${architecture.modelType}`, router }
}

/**
 * The keys of a config.json of its kind alone, and the router that Moescope's own keys name; undefined where there is
 * none. Throws `ConfigError` for a `router` that is none.
 */
export function takeRouter(keys: Keys): { readonly keys: Keys; readonly router: RouterSpec | undefined } {
  const { router, ...others } = keys
  const { model_type: modelType } = others
  if (typeof modelType !== 'string' || !modelType.startsWith(prefix)) return { keys, router: undefined }
  if (typeof router !== 'object' || router === null) {
    throw new ConfigError(problem('router', `expected its kind and settings, found ${found(router)}`))
  }
  const parsed = routerSpecSchema.safeParse(router)
  if (!parsed.success) throw new ConfigError(problem('router', problemsOf(parsed.error)))
  return { keys: { ...others, model_type: modelType.slice(prefix.length) }, router: parsed.data }
}

/** The architecture with this router in every layer that has experts. */
export function withRouter(architecture: Architecture, router: RouterSpec): Architecture {
  const layers = architecture.layers.map((layer) =>
    layer.feedForward.kind === 'moe' ? { ...layer, feedForward: { ...layer.feedForward, router } } : layer
  )
  return { ...architecture, layers }
}
