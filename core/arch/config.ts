/** Hugging Face config.json to architecture and back. */
import {
  type Architecture,
  type Attention,
  type FeedForward,
  type Layer,
  moeLayers,
  topKRouterSpec
} from './architecture'
import { type Config, configSchema } from './config-schema'
import { ConfigError, check, schemaError } from './describe/config-error'

export { ConfigError } from './describe/config-error'

/**
 * The architecture that a parsed Hugging Face config.json describes (`llama`, `mixtral` or `qwen2_moe`); missing keys
 * take the defaults of transformers. Throws `ConfigError`, naming the key, for anything else, for values that
 * contradict each other and for features that cannot be run.
 */
export function readConfig(json: unknown): Architecture {
  const parsed = configSchema.safeParse(json)
  if (!parsed.success) {
    throw schemaError(parsed.error)
  }
  const config = parsed.data
  checkWindow(config)
  const attention = readAttention(config)
  return {
    modelType: config.model_type,
    vocabularySize: config.vocab_size,
    width: config.hidden_size,
    context: config.max_position_embeddings,
    tiedEmbeddings: config.tie_word_embeddings,
    normEpsilon: config.rms_norm_eps,
    ropeTheta: config.rope_parameters?.rope_theta ?? config.rope_theta,
    layers: Array.from(
      { length: config.num_hidden_layers },
      (_, index): Layer => ({ attention, feedForward: readFeedForward(config, index) })
    )
  }
}

/**
 * The config.json of an architecture, with the keys that transformers and what follows its conventions expect.
 * Throws `ConfigError` when the model type cannot express the architecture, for example layers of different widths.
 */
export function writeConfig(architecture: Architecture): Record<string, unknown> {
  const config = { ...writeCommon(architecture), ...writeKind(architecture) }
  const [path, expected, expressed] = firstDifference(architecture, readConfig(config)) ?? []
  if (path !== undefined) {
    throw new ConfigError(
      `a ${architecture.modelType} config.json cannot express this architecture: ` +
        `${path} is ${JSON.stringify(expected)}, and would be read back as ${JSON.stringify(expressed)}`
    )
  }
  return config
}

function readAttention(config: Config): Attention {
  const { hidden_size: width, num_attention_heads: heads } = config
  const keyValueHeads = config.num_key_value_heads ?? heads
  check(heads % keyValueHeads === 0, 'num_key_value_heads', `expected a divisor of ${heads} heads`, keyValueHeads)
  const headSize = config.head_dim ?? width / heads
  check(Number.isInteger(headSize), 'num_attention_heads', `expected a divisor of hidden_size ${width}`, heads)
  const headSizeKey = config.head_dim ? 'head_dim' : 'hidden_size / num_attention_heads'
  check(headSize % 2 === 0, headSizeKey, 'expected an even head size, for rotary positions', headSize)
  return { heads, keyValueHeads, headSize, projectionBias: config.model_type === 'qwen2_moe' && config.qkv_bias }
}

function readFeedForward(config: Config, layer: number): FeedForward {
  const dense: FeedForward = { kind: 'dense', width: config.intermediate_size }
  switch (config.model_type) {
    case 'llama':
      return dense
    case 'mixtral':
      checkTopK(config.num_experts_per_tok, config.num_local_experts)
      return {
        kind: 'moe',
        experts: config.num_local_experts,
        topK: config.num_experts_per_tok,
        expertWidth: config.intermediate_size,
        router: topKRouterSpec(true),
        sharedWidth: 0
      }
    case 'qwen2_moe': {
      const sparse = config.num_experts > 0 && (layer + 1) % config.decoder_sparse_step === 0
      if (!sparse || config.mlp_only_layers?.includes(layer)) return dense
      checkTopK(config.num_experts_per_tok, config.num_experts)
      return {
        kind: 'moe',
        experts: config.num_experts,
        topK: config.num_experts_per_tok,
        expertWidth: config.moe_intermediate_size,
        router: topKRouterSpec(config.norm_topk_prob),
        sharedWidth: config.shared_expert_intermediate_size
      }
    }
  }
}

function checkTopK(topK: number, experts: number): void {
  check(topK <= experts, 'num_experts_per_tok', `expected at most the number of experts, ${experts}`, topK)
}

function checkWindow(config: Config): void {
  if (config.model_type === 'llama') return
  if (config.model_type === 'qwen2_moe' && !config.use_sliding_window) return
  const { sliding_window: window, max_position_embeddings: context } = config
  check(
    (window ?? context) >= context,
    'sliding_window',
    `windowed attention is not supported: expected null, or at least max_position_embeddings ${context}`,
    window
  )
}

const classNames = {
  llama: 'LlamaForCausalLM',
  mixtral: 'MixtralForCausalLM',
  qwen2_moe: 'Qwen2MoeForCausalLM'
}

function writeCommon(architecture: Architecture): Record<string, unknown> {
  const attention = architecture.layers[0]?.attention
  return {
    architectures: [classNames[architecture.modelType]],
    model_type: architecture.modelType,
    vocab_size: architecture.vocabularySize,
    hidden_size: architecture.width,
    num_hidden_layers: architecture.layers.length,
    num_attention_heads: attention?.heads,
    num_key_value_heads: attention?.keyValueHeads,
    head_dim: attention?.headSize,
    hidden_act: 'silu',
    max_position_embeddings: architecture.context,
    rms_norm_eps: architecture.normEpsilon,
    rope_theta: architecture.ropeTheta,
    rope_scaling: null,
    tie_word_embeddings: architecture.tiedEmbeddings,
    attention_dropout: 0,
    initializer_range: 0.02,
    use_cache: true,
    bos_token_id: null,
    eos_token_id: null,
    pad_token_id: null,
    torch_dtype: 'float32'
  }
}

function writeKind(architecture: Architecture): Record<string, unknown> {
  const feedForwards = architecture.layers.map((layer) => layer.feedForward)
  const dense = feedForwards.find((feedForward) => feedForward.kind === 'dense')
  const moe = feedForwards.find((feedForward) => feedForward.kind === 'moe')
  switch (architecture.modelType) {
    case 'llama':
      return { intermediate_size: dense?.width, attention_bias: false, mlp_bias: false }
    case 'mixtral':
      return {
        intermediate_size: moe?.expertWidth,
        num_local_experts: moe?.experts,
        num_experts_per_tok: moe?.topK,
        sliding_window: null,
        output_router_logits: false
      }
    case 'qwen2_moe': {
      const sparse = moeLayers(architecture)
      return {
        // Unused when every layer has experts; then as Qwen1.5-MoE has it, the width of the experts a token visits.
        intermediate_size: dense?.width ?? (moe && moe.topK * moe.expertWidth),
        num_experts: moe?.experts ?? 0,
        num_experts_per_tok: moe?.topK,
        moe_intermediate_size: moe?.expertWidth,
        shared_expert_intermediate_size: moe?.sharedWidth,
        norm_topk_prob: moe?.router.normalise_gates,
        decoder_sparse_step: 1,
        mlp_only_layers: moe ? [...feedForwards.keys()].filter((layer) => !sparse.includes(layer)) : [],
        qkv_bias: architecture.layers[0]?.attention.projectionBias,
        use_sliding_window: false,
        output_router_logits: false
      }
    }
  }
}

type Difference = [path: string, a: unknown, b: unknown]

/** The first place where two values of plain objects and arrays differ. */
function firstDifference(a: unknown, b: unknown, path = ''): Difference | undefined {
  if (Object.is(a, b)) return undefined
  if (!isObject(a) || !isObject(b)) return [path, a, b]
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const difference = firstDifference(a[key], b[key], path === '' ? key : `${path}.${key}`)
    if (difference) return difference
  }
  return undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
