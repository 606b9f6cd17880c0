/** A router is one object in one file, listed in `index.ts`. */
import type { z } from 'zod'
import type { MoeFeedForward, RouterSpec } from '../arch/architecture'
import { parsedBy } from '../formats/problems'
import type { Expression } from '../graph/expression'
import type { Draw } from '../tensors/draw'
import type { Routing } from './routing'

/** A kind of router, for any model. */
export interface Router {
  /** Its name in specs and files. */
  readonly kind: string
  /** Its name in the field. */
  readonly name: string
  /** arXiv ids of the papers that it is from. */
  readonly papers: readonly string[]
  /** True when the experts of a token depend on no later token, in training too. */
  readonly causal: boolean
  /** Its settings with their defaults, named as in specs and files; each has a description. */
  readonly settings: z.ZodObject<SettingsShape>
  /**
   * The router of one layer of a model of a width. Throws a `FormatError` when the layer's settings are not those of the
   * schema, or do not fit its experts.
   */
  of(shape: MoeFeedForward, width: number): LayerRouter
}

/** Settings are plain values. */
export type SettingsShape = Record<string, z.ZodType<RouterSpec[string]>>

/** The router of one layer, with its settings. */
export interface LayerRouter {
  /** True where a matrix `[d, experts]` makes its logits; false where it looks at no hidden state. */
  readonly matrix: boolean
  /**
   * Its parameters beside the matrix. They lie among those of the model, so that a checkpoint, a saved training and every
   * graph hold them. A vector that no gradient reaches is state which the router carries from step to step: the optimiser
   * leaves it as it is, and `afterStep` changes it.
   */
  readonly parameters: readonly RouterParameter[]
  /** The most experts that a token gets outside of training: the columns of its routing. The layer's `topK` by most. */
  readonly places: number
  /** The distribution of the numbers that it decides by beside its logits; absent where it decides by no chance. */
  readonly noise?: NoiseDistribution
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

/** Standard normal, or uniform in [0, 1). */
export type NoiseDistribution = 'normal' | 'uniform'

export interface RouterParameter {
  /**
   * The parameter is `layers.N.router.NAME`, and its tensor lies beside the router's own: `NAME.weight` for a matrix,
   * `NAME` for a vector.
   */
  readonly name: string
  /** As the graphs use it: `[inputs, outputs]`, or `[values]`. */
  readonly shape: readonly number[]
  readonly draw: Draw
}

/** The inputs of a router. */
export interface RouterSite {
  /** The input of the matrix: `[tokens, d]`. */
  readonly x: Expression
  /** `[tokens, experts]`; 0 for a router without a matrix. */
  readonly logits: Expression
  /** Ids of the tokens: int32 `[tokens]`. */
  readonly tokens: Expression
  readonly vocabularySize: number
  /** Sequences of a batch, each as long as the others; 1 while text is generated. */
  readonly sequences: number
  /**
   * True in a step of a training. Else the model is measured or generates: then a router must decide for each token
   * without those that follow it, and drops none, so that a token gets the same experts however many are read at once.
   */
  readonly training: boolean
  /**
   * Very negative for an expert that a token must not get, else 0: `[tokens, experts]`. It is part of the logits, and
   * must be added to scores that do not fall with them without bound.
   */
  readonly mask?: Expression | undefined
  /** One of the router's own parameters. */
  parameter(name: string): Expression
  /**
   * Random numbers of the router's distribution, `[tokens, experts]`: fresh ones in every step of a training, else fixed
   * for each position of a sequence, so that the same text is read in the same way again.
   */
  noise(): Expression
}

/** Weights of the losses of routers, as a recipe says. */
export interface LossWeights {
  /** Of the load-balance loss of each MoE layer. */
  readonly balanceLoss: number
  /** Of the router z-loss of each MoE layer. */
  readonly zLoss: number
}

/** The inputs of a router's losses beside its routing. */
export interface LossSite extends LossWeights, RouterSite {}

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

/** The parts that most routers have in common. */
type Usual = Pick<LayerRouter, 'matrix' | 'parameters' | 'places'>

/**
 * A router whose settings are read by its own schema. Of a layer's router may be left out what is usual: a matrix, no
 * other parameters, and as many places as the layer's `topK`.
 */
export function defineRouter<Settings extends z.ZodObject<SettingsShape>>(
  router: Omit<Router, 'settings' | 'of'> & {
    readonly settings: Settings
    readonly of: (
      settings: z.infer<Settings>,
      shape: MoeFeedForward,
      width: number
    ) => Omit<LayerRouter, keyof Usual> & Partial<Usual>
  }
): Router {
  return {
    ...router,
    of: (shape, width) => {
      const { kind, ...settings } = shape.router
      const read = parsedBy(router.settings, settings, `router '${kind}': `)
      return { matrix: true, parameters: [], places: shape.topK, ...router.of(read, shape, width) }
    }
  }
}
