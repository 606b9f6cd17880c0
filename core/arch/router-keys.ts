/**
 * The keys of a config.json for a router that no other software has: a `model_type` of Moescope's own, so that nobody
 * runs the model with another router, and `router`, the router of every layer with experts. All other keys are those of
 * the kind whose tensor names the checkpoint uses.
 */
import { z } from 'zod'
import { type Architecture, moeLayers, moeShape, type RouterSpec, topKRouterSpec } from './architecture'
import { ConfigError, problem } from './describe/config-error'
import { found } from './describe/config-keys'

const prefix = 'moescope_'

const { kind: usualKind } = topKRouterSpec(true)

const routerSchema = z.object({ kind: z.string() }).catchall(z.union([z.string(), z.number(), z.boolean()]))

/** Take the place of the keys of the same names; none when the routers are those of the kind. */
export function routerKeys(architecture: Architecture): Record<string, unknown> {
  const [router] = moeLayers(architecture).map((layer) => moeShape(architecture, layer).router)
  if (!router || router.kind === usualKind) return {}
  return { architectures: [], model_type: `${prefix}${architecture.modelType}`, router }
}

/**
 * A parsed config.json by the keys of its kind alone, and the router that its own keys name; undefined where it has
 * none. Settings are for the router to read. Throws `ConfigError` for a `router` that is none.
 */
export function takeRouter(json: unknown): { readonly config: unknown; readonly router: RouterSpec | undefined } {
  if (typeof json !== 'object' || json === null) return { config: json, router: undefined }
  const { router, ...config } = json as Readonly<Record<string, unknown>>
  const { model_type: modelType } = config
  if (typeof modelType !== 'string' || !modelType.startsWith(prefix)) return { config: json, router: undefined }
  const parsed = routerSchema.safeParse(router)
  if (!parsed.success) {
    throw new ConfigError(problem('router', `expected its kind and plain settings, found ${found(router)}`))
  }
  return { config: { ...config, model_type: modelType.slice(prefix.length) }, router: parsed.data }
}

/** The architecture with this router in every layer that has experts. */
export function withRouter(architecture: Architecture, router: RouterSpec): Architecture {
  const layers = architecture.layers.map((layer) =>
    layer.feedForward.kind === 'moe' ? { ...layer, feedForward: { ...layer.feedForward, router } } : layer
  )
  return { ...architecture, layers }
}
