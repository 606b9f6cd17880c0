import type { Architecture } from '../arch/architecture'
import { moeShape } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { routedLayers } from '../model/adapt-routers'
import { branchedExperts } from '../model/experts/branched'
import { chooseDispatch } from '../model/experts/choose'
import type { ExpertDispatch } from '../model/experts/dispatch'
import { decode, prefill, uniformAttention } from '../model/inference'
import type { ExpertsOff, Mask, SkipMoe } from '../model/intervention'
import { interventionPlan } from '../model/intervention-plan'
import type { RunnableModel } from '../model/runnable-model'
import { constantWeights } from '../model/weights'
import type { Backend, HostTensor, HostTensors, Session } from '../runtime/backend'
import { float32, floats, int32, int64, processorOf } from '../runtime/backend'
import { createKeyValueCache } from './key-value-cache'

/** Result of reading tokens. */
export interface Reading {
  /** Logits after each token: `[tokens][vocabulary]`. */
  readonly logits: readonly Float32Array[]
  /** Decisions of the routers: `[tokens][MoE layers]`; empty ones of layers that are skipped. Unpacked on demand. */
  routing(): readonly (readonly RouterDecision[])[]
  /** Milliseconds in ONNX Runtime. */
  readonly runtimeMs: number
}

/** Decision of one router for one token. */
export interface RouterDecision {
  /** Index among all layers. */
  readonly layer: number
  /** `[experts]`. */
  readonly logits: Float32Array
  /** The chosen experts, best first, and the weights of their outputs. */
  readonly experts: readonly number[]
  readonly gates: Float32Array
  /** Which of the chosen experts had no room for the token. */
  readonly dropped: readonly number[]
}

/** A model on a backend, with the cache of what it has read. */
export interface Decoder {
  readonly model: RunnableModel
  readonly backend: Backend
  /** Tokens that can still be read. */
  readonly room: number
  /** Forgets what was read and reads these tokens from the start. */
  prefill(tokens: readonly number[]): Promise<Reading>
  /** Reads one more token. */
  step(token: number): Promise<Reading>
  /**
   * From the next reading on these experts are off, and all others on. Throws a `RangeError` as `interventionPlan`; only
   * for a decoder that was made for it.
   */
  mask(masks: readonly Mask[]): void
  release(): Promise<void>
}

/** Dispatch of the experts, by default chosen by backend and phase. */
export interface DecoderOptions {
  readonly prefill?: ExpertDispatch
  readonly decode?: ExpertDispatch
  /** Experts can be switched off; the graphs then add a mask to the router logits. */
  readonly masked?: boolean
  /**
   * Products with quantised matrices of 4 or 8 bits are computed from their codes. The graphs are smaller, but not
   * quicker: at width 512, ONNX Runtime 1.30 as WASM takes about eight times as long as with floats.
   */
  readonly packed?: boolean
  /** Layers whose MoE is left out, by the rule of `SkipMoe`. */
  readonly skipped?: readonly number[]
}

/** Prepares a model on a backend. */
export async function createDecoder(
  backend: Backend,
  model: RunnableModel,
  options: DecoderOptions = {}
): Promise<Decoder> {
  const { architecture } = model
  const { masked = false } = options
  const skips = (options.skipped ?? []).map((layer): SkipMoe => ({ kind: 'skip-moe', layer }))
  const skipped = new Set(options.skipped)
  const maskInputs = (masks: readonly Mask[]) => maskRows(architecture, [...skips, ...masks])
  let masks = masked ? maskInputs([]) : {}
  const grids = options.packed ? model.grids : undefined
  const weights = constantWeights(architecture, model.parameters, grids)
  const dispatchOf = (phase: 'prefill' | 'decode'): ExpertDispatch => {
    const processor = processorOf(backend)
    // Weights that are gathered are floats.
    if (grids && processor === 'cpu' && phase === 'decode') return branchedExperts
    return chooseDispatch(architecture, processor, phase)
  }
  const load = (build: typeof prefill, phase: 'prefill' | 'decode'): Promise<Session> => {
    const outputs: Record<string, Expression> = build(architecture, weights, options[phase] ?? dispatchOf(phase), {
      masked,
      ...(skipped.size > 0 && { skipped })
    })
    return backend.load(outputs)
  }
  const [reader, stepper] = [await load(prefill, 'prefill'), await load(decode, 'decode')]
  const { keyValueHeads, headSize } = uniformAttention(architecture)
  const capacity = architecture.context
  const cache = createKeyValueCache(architecture.layers.length, keyValueHeads, capacity, headSize)
  const token = new Int32Array(1)
  const position = new BigInt64Array(1)
  const positions = { type: 'int64', shape: [1, 1], data: position } as const
  const one = { token, position, inputs: { tokens: int32(token), positions, cache: cache.tensor, mask: cache.mask } }
  const read = async (session: Session, inputs: Readonly<Record<string, HostTensor>>, tokens: number) => {
    const begun = performance.now()
    const outputs = await session.run({ ...inputs, ...masks })
    const runtimeMs = performance.now() - begun
    cache.append(floats(outputs, 'new_cache'), tokens)
    return {
      logits: rows(floats(outputs, 'logits'), tokens),
      routing: () => routingOf(architecture, outputs, { tokens, skipped }),
      runtimeMs
    }
  }
  return {
    model,
    backend,
    get room() {
      return capacity - cache.length
    },
    prefill: async (tokens) => {
      if (tokens.length === 0 || tokens.length > capacity) {
        throw new RangeError(`${tokens.length} tokens cannot be read at once: this model reads 1 to ${capacity}`)
      }
      cache.clear()
      const positions = int64(
        tokens.map((_, i) => i),
        [1, tokens.length]
      )
      return read(reader, { tokens: int32(Int32Array.from(tokens)), positions }, tokens.length)
    },
    step: async (token) => {
      if (cache.length === capacity) throw new RangeError(`the context of ${capacity} tokens is full`)
      one.token[0] = token
      one.position[0] = BigInt(cache.length)
      return read(stepper, one.inputs, 1)
    },
    mask: (off) => {
      if (!masked) throw new Error(`the decoder of '${model.id}' was not made for masks`)
      masks = maskInputs(off)
    },
    release: async () => {
      await Promise.all([reader.release(), stepper.release()])
    }
  }
}

/** The inputs `mask_L` of the graphs: a mask is the same for every token. */
function maskRows(architecture: Architecture, off: readonly ExpertsOff[]): HostTensors {
  const { masks } = interventionPlan(architecture, ...off)
  const entries = Array.from(masks, ([layer, mask]) => {
    const { experts } = moeShape(architecture, layer)
    return [`mask_${layer}`, float32(mask.subarray(0, experts), [1, experts])] as const
  })
  return Object.fromEntries(entries)
}

function routingOf(
  architecture: Architecture,
  outputs: Readonly<Record<string, HostTensor>>,
  { tokens, skipped }: { readonly tokens: number; readonly skipped: ReadonlySet<number> }
): RouterDecision[][] {
  const layers = routedLayers(architecture)
  const computed = layers.filter(({ layer }) => !skipped.has(layer))
  const decisions = computed.length === 0 ? [] : rows(floats(outputs, 'routing'), computed.length * tokens)
  return Array.from({ length: tokens }, (_, token) =>
    layers.map(({ layer, shape: { experts }, router: { places } }): RouterDecision => {
      const index = computed.findIndex((each) => each.layer === layer)
      const row = decisions[index * tokens + token] ?? new Float32Array()
      const chosen = row.subarray(experts, experts + places)
      const filled = (_: number, place: number) => (chosen[place] ?? -1) >= 0
      const dropped = row.subarray(experts + 2 * places)
      return {
        layer,
        logits: row.subarray(0, experts),
        experts: Array.from(chosen).filter(filled),
        gates: row.subarray(experts + places, experts + 2 * places).filter(filled),
        dropped: Array.from(chosen).filter((_, place) => (dropped[place] ?? 0) > 0)
      }
    })
  )
}

/** A flat tensor cut into equal rows. */
function rows(data: Float32Array, count: number): Float32Array[] {
  const size = data.length / count
  return Array.from({ length: count }, (_, row) => data.subarray(row * size, (row + 1) * size))
}
