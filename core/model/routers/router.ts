/** A router is one object in one file, listed in `index.ts`. */
import type { z } from 'zod'
import type { MoeFeedForward, RouterSpec } from '../../arch/architecture'
import { parsedBy } from '../../formats/problems'
import type { Expression } from '../../graph/expression'
import type { RouterParameter } from '../../tensors/binding'
import type { Routing } from '../routing'

/** A kind of router, for any model. */
export interface Router {
  /** Its name in specs and files. */
  readonly kind: string
  /** Its name in the field. */
  readonly name: string
  /** arXiv ids of the papers that it is from. */
  readonly papers: readonly string[]
  /** True when the experts of a token depend on no later token. */
  readonly causal: boolean
  /** Its settings with their defaults, named as in specs and files; each has a description. */
  readonly settings: z.ZodObject<SettingsShape>
  /** The router of one layer. Throws a `FormatError` when the layer's settings are not those of the schema. */
  of(shape: MoeFeedForward): LayerRouter
}

/** Settings are plain values. */
export type SettingsShape = Record<string, z.ZodType<RouterSpec[string]>>

/** The router of one layer, with its settings. */
export interface LayerRouter {
  /**
   * Its parameters beside the matrix `[d, experts]` that makes the logits. They lie among those of the model, so that a
   * checkpoint, a saved training and every graph hold them. A vector that no gradient reaches is state which the router
   * carries from step to step: the optimiser leaves it as it is, and `afterStep` changes it.
   */
  readonly parameters: readonly RouterParameter[]
  route(site: RouterSite): Routing
  /** By which experts are compared, the larger the better: `[tokens, experts]`. */
  scores(site: RouterSite): Expression
  /** The gates that it gives to experts which were chosen otherwise, int64 `[tokens, k]`: `[tokens, k]`. */
  gates(site: RouterSite, experts: Expression): Expression
  /** Its terms of the loss of a training, and those that are only measured. */
  losses(routing: Routing, site: LossSite): readonly RouterLoss[]
  /** New values, by name, of the parameters that it adapts itself after a step of a training, without a gradient. */
  afterStep?(step: RouterStep): Readonly<Record<string, Float32Array>>
}

/** The inputs of a router. */
export interface RouterSite {
  /** `[tokens, experts]`. */
  readonly logits: Expression
  /** Ids of the tokens: int32 `[tokens]`. */
  readonly tokens: Expression
  /**
   * Very negative for an expert that a token must not get, else 0: `[tokens, experts]`. It is part of the logits, and
   * must be added to scores that do not fall with them without bound.
   */
  readonly mask?: Expression | undefined
  /** One of the router's own parameters. */
  parameter(name: string): Expression
}

/** Weights of the losses of routers, as a recipe says. */
export interface LossWeights {
  /** Of the load-balance loss of each MoE layer. */
  readonly balanceLoss: number
  /** Of the router z-loss of each MoE layer. */
  readonly zLoss: number
}

/** The inputs of a router's losses beside its routing. */
export interface LossSite extends LossWeights {
  parameter(name: string): Expression
}

/** A term of the loss of a training. */
export interface RouterLoss {
  /** Under which the train step gives its sum over layers. */
  readonly name: string
  /** A scalar. */
  readonly value: Expression
  /** 0 for one that is only measured. */
  readonly weight: number | Expression
}

/** The outcome of a step of a training for a layer's router. */
export interface RouterStep {
  /** Assignments that each expert of the layer got, `[experts]`. */
  readonly load: Float32Array
  /** The same for every MoE layer, in their order. */
  readonly loads: readonly Float32Array[]
  /** Tokens of the batch. */
  readonly tokens: number
  /** A copy of one of the router's own parameters after the step. */
  parameter(name: string): Float32Array
}

/** A router whose settings are read by its own schema. */
export function defineRouter<Settings extends z.ZodObject<SettingsShape>>(
  router: Omit<Router, 'settings' | 'of'> & {
    readonly settings: Settings
    readonly of: (settings: z.infer<Settings>, shape: MoeFeedForward) => LayerRouter
  }
): Router {
  return {
    ...router,
    of: (shape) => {
      const { kind, ...settings } = shape.router
      return router.of(parsedBy(router.settings, settings, `router '${kind}': `), shape)
    }
  }
}
