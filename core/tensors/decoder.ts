/** The tensors that decoders of the Llama family have in common, under the names of transformers. */
import {
  type Architecture,
  type Attention,
  type FeedForward,
  type LatentShape,
  type MoeFeedForward,
  storedLayers
} from '../arch/architecture'
import { routerOf } from '../routers'
import type { CheckpointLayout, CheckpointTensor } from './binding'
import { type Draw, embedding, normal, ones, uniform, zeros } from './draw'
import type { Part } from './part'
import { transposed, whole } from './view'

/** The sizes, besides a layer's own shape, that its tensors depend on. */
export interface LayerSite {
  /** Width of the residual stream. */
  readonly width: number
  /**
   * Of the matrices that write into the residual stream: divided by `sqrt(2 layers)` (Radford et al. 2019, "Language
   * Models are Unsupervised Multitask Learners", section 2.3).
   */
  readonly residual: Draw
}

/** The layout of a decoder whose layers have these feed-forwards; `feedForward` names its tensors within the layer. */
export function decoder(
  architecture: Architecture,
  feedForward: (shape: FeedForward, site: LayerSite) => readonly CheckpointTensor[]
): CheckpointLayout {
  const { vocabularySize, width, layers, tiedEmbeddings } = architecture
  const site = { width, residual: uniform(1 / Math.sqrt(2 * layers.length)) }
  return {
    tensors: [
      table('model.embed_tokens.weight', [vocabularySize, width], { part: 'embedding', draw: embedding }),
      ...storedLayers(architecture).flatMap((layer, index) =>
        inLayer(index, [
          vector('input_layernorm.weight', width, { part: 'attention_norm', draw: ones }),
          ...(layer.attention.latent
            ? latentAttention(layer.attention, layer.attention.latent, site)
            : groupedQueryAttention(layer.attention, site)),
          vector('post_attention_layernorm.weight', width, { part: 'feed_forward_norm', draw: ones }),
          ...feedForward(layer.feedForward, site)
        ])
      ),
      vector('model.norm.weight', width, { part: 'final_norm', draw: ones }),
      ...(tiedEmbeddings
        ? []
        : [projection('lm_head.weight', vocabularySize, width, { part: 'output', draw: uniform() })])
    ],
    ignored: [/rotary_emb\.inv_freq$/, ...(tiedEmbeddings ? [/^lm_head\.weight$/] : [])]
  }
}

function groupedQueryAttention(
  { heads, keyValueHeads, headSize, projectionBias, outputBias, queryKeyNorm, sinks }: Attention,
  { width, residual }: LayerSite
): CheckpointTensor[] {
  const matrix: Part = { part: 'qkv', draw: uniform() }
  const bias: Part = { part: 'qkv_bias', draw: zeros }
  const input = (name: string, outputs: number) => [
    projection(`self_attn.${name}.weight`, outputs, width, matrix),
    ...(projectionBias ? [vector(`self_attn.${name}.bias`, outputs, bias)] : [])
  ]
  const norm = (name: string, part: 'query_norm' | 'key_norm', count: number) =>
    queryKeyNorm
      ? [
          vector(`self_attn.${name}.weight`, queryKeyNorm === 'head' ? headSize : count * headSize, {
            part,
            draw: ones
          })
        ]
      : []
  return [
    ...input('q_proj', heads * headSize),
    ...input('k_proj', keyValueHeads * headSize),
    ...input('v_proj', keyValueHeads * headSize),
    projection('self_attn.o_proj.weight', width, heads * headSize, { part: 'attention_output', draw: residual }),
    ...(outputBias ? [vector('self_attn.o_proj.bias', width, { part: 'attention_output_bias', draw: zeros })] : []),
    ...norm('q_norm', 'query_norm', heads),
    ...norm('k_norm', 'key_norm', keyValueHeads),
    ...(sinks ? [vector('self_attn.sinks', heads, { part: 'sinks', draw: zeros })] : [])
  ]
}

/** Latent attention under the names of DeepSeek-V2. */
function latentAttention(
  { heads, headSize, projectionBias, outputBias }: Attention,
  { queryRank, keyValueRank, rotarySize, valueSize }: LatentShape,
  { width, residual }: LayerSite
): CheckpointTensor[] {
  const matrix = (name: string, outputs: number, inputs: number, part: Part['part'], draw = uniform()) =>
    projection(`self_attn.${name}.weight`, outputs, inputs, { part, draw })
  const bias = (name: string, size: number, part: Part['part']) =>
    projectionBias ? [vector(`self_attn.${name}.bias`, size, { part, draw: zeros })] : []
  const norm = (name: string, size: number, part: Part['part']) =>
    vector(`self_attn.${name}.weight`, size, { part, draw: ones })
  const queries =
    queryRank === undefined
      ? [matrix('q_proj', heads * headSize, width, 'query_up')]
      : [
          matrix('q_a_proj', queryRank, width, 'query_down'),
          ...bias('q_a_proj', queryRank, 'query_down_bias'),
          norm('q_a_layernorm', queryRank, 'query_norm'),
          matrix('q_b_proj', heads * headSize, queryRank, 'query_up')
        ]
  const kept = keyValueRank + rotarySize
  return [
    ...queries,
    matrix('kv_a_proj_with_mqa', kept, width, 'key_value_down'),
    ...bias('kv_a_proj_with_mqa', kept, 'key_value_down_bias'),
    norm('kv_a_layernorm', keyValueRank, 'key_value_norm'),
    matrix('kv_b_proj', heads * (headSize - rotarySize + valueSize), keyValueRank, 'key_value_up'),
    matrix('o_proj', width, heads * valueSize, 'attention_output', residual),
    ...(outputBias ? [vector('self_attn.o_proj.bias', width, { part: 'attention_output_bias', draw: zeros })] : [])
  ]
}

/** Names of the three projections of a SwiGLU. */
const swiGluNames = { gate: 'gate_proj', up: 'up_proj', down: 'down_proj' }

/**
 * A SwiGLU under `prefix`. `role` says whose it is: a dense layer's, an expert's, which then has a number, or the shared
 * expert's.
 */
export function swiGlu(
  prefix: string,
  hidden: number,
  { width, residual }: LayerSite,
  { role = '', expert, names = swiGluNames }: SwiGluOptions = {}
): CheckpointTensor[] {
  const gateUp: Part = { part: `${role}gate_up`, expert, draw: uniform() }
  return [
    projection(`${prefix}.${names.gate}.weight`, hidden, width, gateUp),
    projection(`${prefix}.${names.up}.weight`, hidden, width, gateUp),
    projection(`${prefix}.${names.down}.weight`, width, hidden, { part: `${role}down`, expert, draw: residual })
  ]
}

interface SwiGluOptions {
  readonly role?: '' | 'expert_' | 'shared_'
  readonly expert?: number
  readonly names?: typeof swiGluNames
}

/** A router's matrix at `prefix`, if it has one, and what else it learns. */
export function router(prefix: string, shape: MoeFeedForward, { width }: LayerSite): CheckpointTensor[] {
  const { matrix, parameters } = routerOf(shape, width)
  return [
    ...(matrix ? [projection(`${prefix}.weight`, shape.experts, width, { part: 'router', draw: normal(0.02) })] : []),
    ...(shape.routerBias ? [vector(`${prefix}.bias`, shape.experts, { part: 'router_bias', draw: zeros })] : []),
    ...parameters.map(({ name, shape: [inputs = 0, outputs], draw }) => {
      const part: Part = { part: `router.${name}`, draw }
      return outputs === undefined
        ? vector(`${prefix}.${name}`, inputs, part)
        : projection(`${prefix}.${name}.weight`, outputs, inputs, part)
    })
  ]
}

/** The experts of a layer, one after the other. */
export function numbered(experts: number, tensors: (expert: number) => CheckpointTensor[]): CheckpointTensor[] {
  return Array.from({ length: experts }, (_, expert) => tensors(expert)).flat()
}

/** Names of the two tensors of a layer that hold all of its experts. */
interface StackedNames {
  readonly gateUp: string
  readonly down: string
}

/** The experts of a layer in two tensors, `[experts, 2 hidden, width]` and `[experts, width, hidden]`. */
export function stackedSwiGlu(
  names: StackedNames,
  { experts, expertWidth: hidden }: MoeFeedForward,
  { width, residual }: LayerSite
): CheckpointTensor[] {
  const stacked = (
    name: string,
    outputs: number,
    inputs: number,
    part: 'expert_gate_up' | 'expert_down',
    draw: Draw
  ) => {
    const blocks = Array.from({ length: experts }, (_, expert) => ({
      of: { part, expert, draw },
      values: { ...transposed(whole([outputs, inputs])), offset: expert * outputs * inputs }
    }))
    return { name, shape: [experts, outputs, inputs], blocks }
  }
  return [
    stacked(names.gateUp, 2 * hidden, width, 'expert_gate_up', uniform()),
    stacked(names.down, width, hidden, 'expert_down', residual)
  ]
}

/** A tensor `[outputs, inputs]` of which the parameter has the transpose. */
export function projection(name: string, outputs: number, inputs: number, of: Part): CheckpointTensor {
  const shape = [outputs, inputs]
  return { name, shape, blocks: [{ of, values: transposed(whole(shape)) }] }
}

/** A tensor that the parameter has as it is stored. */
function table(name: string, shape: readonly number[], of: Part): CheckpointTensor {
  return { name, shape, blocks: [{ of, values: whole(shape) }] }
}

/** A norm or a bias. */
function vector(name: string, size: number, of: Part): CheckpointTensor {
  return table(name, [size], of)
}

function inLayer(layer: number, tensors: readonly CheckpointTensor[]): CheckpointTensor[] {
  return tensors.map(({ name, shape, blocks }) => ({
    name: `model.layers.${layer}.${name}`,
    shape,
    blocks: blocks.map(({ of, values }) => ({ of: { ...of, layer }, values }))
  }))
}
