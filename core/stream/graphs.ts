/** The graphs of a pass layer by layer: the transformer's own expressions, with weights as inputs. */
import type { Architecture, FeedForward } from '../arch/architecture'
import { type Expression, input, topologicalNodes } from '../graph/expression'
import { add, matmul, transposeLast } from '../graph/operators'
import { causalMaskOf } from '../model/causal'
import { expertNetwork, expertParts, swiGlu } from '../model/feed-forward'
import { attentionOf, feedForwardInput, norm, routed, scaled, sharedGate } from '../model/layer'
import { inputWeights } from '../model/weights'
import { expertNumbers } from '../routers/routing'
import type { Backend, HostTensor, HostTensors } from '../runtime/backend'
import type { ExpertPart, LayerPart } from '../tensors/part'

/** A graph that is loaded, and the inputs that it has. */
export interface LoadedGraph {
  readonly inputs: ReadonlySet<string>
  run(inputs: HostTensors): Promise<Readonly<Record<string, HostTensor>>>
  release(): Promise<void>
}

/** Loads a graph. */
export async function loadGraph(backend: Backend, outputs: Readonly<Record<string, Expression>>): Promise<LoadedGraph> {
  const nodes = topologicalNodes(Object.values(outputs))
  const inputs = new Set(nodes.flatMap((node) => (node.kind === 'input' ? [node.name] : [])))
  const session = await backend.load(outputs)
  return {
    inputs,
    run: (given) => session.run(Object.fromEntries(Object.entries(given).filter(([name]) => inputs.has(name)))),
    release: session.release
  }
}

/**
 * A layer up to its feed-forward, of one sequence.
 *
 * Inputs: `x` float32 `[tokens, d]`, `tokens` int32 `[tokens]`, `positions` int64 `[1, tokens]`, and of the layer's
 * weights those that it needs, by `inputName`. Outputs: `attended`, x after attention; `normed`, the input of the feed-forward;
 * with experts `logits` `[tokens, experts]`, `experts` float32 `[tokens, k]` (-1 for an empty place) and `gates`, and of
 * a shared expert its gate `shared` `[tokens, 1]` where it has one.
 */
export function layerGraph(architecture: Architecture, layer: number): Record<string, Expression> {
  const tokens = input('tokens', 'int32', ['tokens'])
  const positions = input('positions', 'int64', [1, 'tokens'])
  const weights = inputWeights(architecture)
  const site = { architecture, weights, tokens, positions, mask: causalMaskOf(tokens) }
  const given = input('x', 'float32', ['tokens', architecture.width])
  const { output } = attentionOf(given, layer, site)
  const attended = add(given, scaled(output, architecture.multipliers?.residual))
  const normed = feedForwardInput(attended, layer, site)
  const shape = architecture.layers[layer]?.feedForward
  if (shape?.kind !== 'moe') return { attended, normed }
  const { routing } = routed(normed, { layer, shape }, site)
  const decided = { logits: routing.logits, experts: expertNumbers(routing), gates: routing.gates }
  const gate = shape.sharedWidth > 0 && !shape.ungatedShared ? { shared: sharedGate(normed, layer, site) } : {}
  return { attended, normed, ...decided, ...gate }
}

/** Whose feed-forward: a dense layer's, an expert's, or the shared expert's. */
export type NetworkRole = '' | 'expert_' | 'shared_'

/** The parameters of a feed-forward. */
export function networkParts(shape: FeedForward, role: NetworkRole): readonly (LayerPart | ExpertPart)[] {
  if (role === 'expert_' && shape.kind === 'moe') return expertParts(shape)
  return [`${role}gate_up`, `${role}down`]
}

/** A feed-forward. Inputs: `x` float32 `[rows, d]` and its weights; output: `y` float32 `[rows, d]`. */
export function networkGraph(architecture: Architecture, layer: number, role: NetworkRole): Record<string, Expression> {
  const weights = inputWeights(architecture)
  const x = input('x', 'float32', ['rows', architecture.width])
  const shape = architecture.layers[layer]?.feedForward
  if (role === 'expert_' && shape?.kind === 'moe') {
    return { y: expertNetwork(x, shape, (part) => weights.expert(layer, part, 0)) }
  }
  const of = (part: 'gate_up' | 'down') => weights.layer(layer, role === 'shared_' ? `shared_${part}` : part)
  return { y: swiGlu(x, of('gate_up'), of('down')) }
}

/**
 * Logits of some tokens of the vocabulary.
 *
 * Inputs: `x` float32 `[rows, d]`, `final_norm`, `output` float32 `[chunk, d]`; output: `logits` float32 `[rows, chunk]`.
 */
export function headGraph(architecture: Architecture): Record<string, Expression> {
  const { width, multipliers } = architecture
  const last = norm(input('x', 'float32', ['rows', width]), inputWeights(architecture).finalNorm, architecture)
  const logits = matmul(last, transposeLast(input('output', 'float32', ['chunk', width])))
  return { logits: scaled(logits, multipliers && 1 / multipliers.logitsDivisor) }
}
