/** The state of routers between the steps of a training. */
import type { Architecture, MoeFeedForward } from '../arch/architecture'
import { routerOf } from '../routers'
import type { LayerRouter } from '../routers/router'
import { parameterName } from '../tensors/part'
import type { ParameterLayout } from './parameters'

/** A router and its layer, an index among all layers. */
export interface RoutedLayer {
  readonly layer: number
  readonly shape: MoeFeedForward
  readonly router: LayerRouter
}

/** The routers of a model, one for each MoE layer. */
export function routedLayers({ layers, width }: Architecture): RoutedLayer[] {
  return layers.flatMap(({ feedForward }, layer) =>
    feedForward.kind === 'moe' ? [{ layer, shape: feedForward, router: routerOf(feedForward, width) }] : []
  )
}

/** A step as the optimiser leaves it. */
export interface OptimisedStep {
  /** The flat vector. */
  readonly parameters: Float32Array
  /** Assignments of the batch, `[MoE layers * experts]`. */
  readonly load: Float32Array
  /** Tokens of the batch. */
  readonly tokens: number
}

/** The flat vector with what each router makes of its own parameters; the same one where no router has anything to do. */
export function adaptRouters(
  routed: readonly Omit<RoutedLayer, 'shape'>[],
  { parameters: places }: Pick<ParameterLayout, 'parameters'>,
  { parameters, load, tokens }: OptimisedStep
): Float32Array {
  if (!routed.some(({ router }) => router.afterStep)) return parameters
  const adapted = parameters.slice()
  const experts = load.length / routed.length
  const loads = routed.map((_, i) => load.subarray(i * experts, (i + 1) * experts))
  for (const [i, { layer, router }] of routed.entries()) {
    const placeOf = (name: string) => {
      const full = parameterName({ part: `router.${name}`, layer })
      const place = places.find((each) => each.name === full)
      if (!place) throw new Error(`this model has no parameter '${full}'`)
      return adapted.subarray(place.offset, place.offset + place.size)
    }
    const own = loads[i] ?? new Float32Array()
    const changed = router.afterStep?.({ load: own, loads, tokens, parameter: (name) => placeOf(name).slice() }) ?? {}
    for (const [name, values] of Object.entries(changed)) placeOf(name).set(values)
  }
  return adapted
}
