/**
 * Logits of other software for checkpoints of the three kinds: transformers 5.18 with PyTorch in float64 (its rotary
 * table in float32), reading the same `config.json` and `model.safetensors` as this test, whose weights follow a closed
 * formula. What agrees here opens what others train.
 */
import { expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { readConfig } from '../arch/runnable'
import { byteSource } from '../formats/byte-source'
import { storedTensor, writeSafetensors } from '../formats/safetensors'
import { values } from '../graph/tensor'
import { checkpointLayout } from '../tensors/bindings'
import { openTensorStore } from '../tensors/store'
import { readWeights } from './checkpoint'
import { evaluation } from './evaluation'
import { groupedExperts } from './experts/grouped'
import { prefill } from './inference'
import { compute, largestDifference } from './models.fixture'
import { constantWeights } from './weights'

const tokens = [3, 1, 4, 1, 5, 9, 2, 6]

const common = {
  vocab_size: 12,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 32,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000
}
const qwen2Moe = {
  ...common,
  model_type: 'qwen2_moe',
  intermediate_size: 24,
  num_experts: 4,
  moe_intermediate_size: 12,
  decoder_sparse_step: 1,
  use_sliding_window: false,
  norm_topk_prob: false,
  tie_word_embeddings: true
}

/** `nats` of each token after the first, `logits` after the last one, and the chosen experts `[layers][tokens][k]`. */
const references = [
  {
    name: 'llama',
    config: { ...common, model_type: 'llama', intermediate_size: 24 },
    nats: [3.584214, 2.210249, 2.845879, 3.114407, 2.587389, 3.153708, 5.16601],
    logits: [
      -0.733056, -0.32737, -1.473686, 0.193944, 1.040101, 1.808854, -1.562189, 0.052431, -0.895652, -1.19752, -0.847599,
      2.135572
    ],
    experts: []
  },
  {
    name: 'mixtral',
    config: {
      ...common,
      model_type: 'mixtral',
      intermediate_size: 12,
      num_local_experts: 4,
      num_experts_per_tok: 2,
      sliding_window: null
    },
    nats: [2.551241, 2.311554, 2.129033, 3.21156, 3.55755, 5.133131, 4.249878],
    logits: [
      -1.283163, 1.370138, -1.810993, 0.723915, 0.939441, 0.769752, -1.893234, 1.507237, -0.302699, -0.697843,
      -1.483168, 1.706745
    ],
    experts: [
      [
        [3, 1],
        [3, 1],
        [3, 0],
        [3, 0],
        [3, 0],
        [3, 1],
        [3, 0],
        [1, 0]
      ],
      [
        [0, 1],
        [0, 1],
        [0, 2],
        [0, 1],
        [0, 2],
        [0, 2],
        [0, 2],
        [0, 2]
      ]
    ]
  },
  {
    name: 'qwen2_moe, top-1, gates as they are',
    config: { ...qwen2Moe, num_experts_per_tok: 1, shared_expert_intermediate_size: 0, qkv_bias: false },
    nats: [4.608857, 2.537992, 5.759007, 1.186448, 1.404485, 4.082545, 2.999378],
    logits: [
      1.0595, -2.001954, -1.767242, -0.960516, 1.281027, -0.102171, 0.01602, 1.327922, -0.933265, -0.916898, -2.698076,
      -0.988322
    ],
    experts: [
      [[2], [2], [2], [1], [1], [2], [1], [2]],
      [[3], [0], [0], [0], [3], [0], [0], [0]]
    ]
  },
  {
    name: 'qwen2_moe, shared expert, biases',
    config: { ...qwen2Moe, num_experts_per_tok: 2, shared_expert_intermediate_size: 20, qkv_bias: true },
    nats: [4.888733, 3.120679, 5.824512, 1.999232, 1.137504, 3.239073, 3.65578],
    logits: [
      1.319812, -1.601757, -1.427306, -0.753297, 1.429408, -0.132188, 0.03496, 1.311755, -0.283536, -0.63906, -2.318608,
      -0.897295
    ],
    experts: [
      [
        [2, 1],
        [2, 1],
        [2, 1],
        [1, 2],
        [1, 2],
        [2, 1],
        [1, 2],
        [2, 1]
      ],
      [
        [3, 0],
        [3, 0],
        [0, 3],
        [0, 2],
        [3, 0],
        [0, 3],
        [0, 3],
        [0, 1]
      ]
    ]
  }
]

test.each(references)('$name', async ({ config, nats, logits, experts }) => {
  const architecture = readConfig(config)
  const store = await openTensorStore([byteSource('model.safetensors', checkpoint(architecture))])
  const flat = await readWeights(architecture, store)
  const context = tokens.length
  const read = compute(prefill(architecture, constantWeights(architecture, flat), groupedExperts), {
    tokens: values('int32', [context], tokens),
    positions: values('int64', [1, context], [...tokens.keys()])
  })
  expect(largestDifference(read.logits?.slice(-logits.length), logits)).toBeLessThan(tolerance)
  expect(chosenOf(read.routing ?? [], architecture)).toEqual(experts.flat(2))

  const evaluated = compute(evaluation(architecture, groupedExperts, { batch: 1, context }), {
    parameters: values('float32', [flat.length], flat),
    tokens: values('int32', [context], tokens),
    targets: values('int32', [context], [...tokens.slice(1), 0])
  })
  expect(largestDifference(evaluated.nats?.slice(0, -1), nats)).toBeLessThan(tolerance)
  expect([...(evaluated.experts ?? [])]).toEqual(experts.flat(2))
})

/** The chosen experts of rows `[logits, chosen experts, gates]`. */
function chosenOf(rows: ArrayLike<number>, { layers }: Architecture): number[] {
  const moe = layers.map(({ feedForward }) => feedForward).find(({ kind }) => kind === 'moe')
  if (moe?.kind !== 'moe') return []
  const { experts, topK } = moe
  const size = experts + 2 * topK
  return Array.from(rows).filter((_, i) => i % size >= experts && i % size < experts + topK)
}

/** The values have six decimals, and come from float32 weights. */
const tolerance = 5e-6

/** `model.safetensors`: `0.5 sin(hash(name) + 1.3 i + i^2 mod 7)`, around 1 for norms and larger for routers. */
function checkpoint(architecture: Architecture): Uint8Array {
  const tensors = checkpointLayout(architecture).tensors.map(({ name, shape }) => {
    const hash = Array.from(name).reduce((sum, each) => (31 * sum + each.charCodeAt(0)) % 1009, 0)
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => {
      const wave = Math.sin(hash + 1.3 * i + (i ** 2 % 7))
      if (name.endsWith('norm.weight')) return 1 + 0.25 * wave
      return (name.endsWith('.gate.weight') ? 1.5 : 0.5) * wave
    })
    return [name, storedTensor(data, shape)] as const
  })
  return writeSafetensors(tensors)
}
