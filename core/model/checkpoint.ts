/** Weights as Hugging Face checkpoints store them, and back to the flat vector of the graphs. */
import type { Architecture } from '../arch/architecture'
import { checkpointTensors } from '../arch/tensors'
import { FormatError } from '../formats/format-error'
import type { StoredTensor } from '../formats/safetensors'
import { float32Of, readSafetensors, storedTensor, writeSafetensors } from '../formats/safetensors'
import { parameterLayout, parameterNames } from './parameters'

/** Bytes of `model.safetensors`. */
export function writeWeights(architecture: Architecture, flat: Float32Array): Uint8Array {
  const places = placesOf(architecture)
  const tensors = new Map<string, StoredTensor>()
  for (const { name, shape } of checkpointTensors(architecture)) {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1))
    const place = places.get(name)
    if (place) forEachElement(place, shape, (stored, own) => (data[stored] = flat[own] ?? 0))
    tensors.set(name, storedTensor(data, shape))
  }
  return writeSafetensors(tensors, { format: 'pt' })
}

/**
 * The flat vector of a checkpoint's weights. Throws a `FormatError` that names the tensor when one is missing or has
 * another shape than `config.json` says, or when the file holds one that the architecture has no place for.
 */
export function readWeights(architecture: Architecture, bytes: Uint8Array): Float32Array {
  const { tensors } = readSafetensors(bytes)
  const places = placesOf(architecture)
  const flat = new Float32Array(parameterLayout(architecture).size)
  const expected = checkpointTensors(architecture)
  for (const { name, shape } of expected) {
    const found = tensors.get(name)
    if (!found) throw new FormatError(`model.safetensors: tensor '${name}' is missing; config.json calls for it`)
    if (found.shape.length !== shape.length || found.shape.some((size, axis) => size !== shape[axis])) {
      throw new FormatError(
        `model.safetensors: tensor '${name}' has shape [${found.shape.join(', ')}], ` +
          `but config.json calls for [${shape.join(', ')}]`
      )
    }
    const data = float32Of(found, name)
    const place = places.get(name)
    if (place) forEachElement(place, shape, (stored, own) => (flat[own] = data[stored] ?? 0))
  }
  const known = new Set(expected.map((each) => each.name))
  const foreign = [...tensors.keys()].find((name) => !known.has(name) && !name.endsWith('rotary_emb.inv_freq'))
  if (foreign !== undefined && !(foreign === 'lm_head.weight' && architecture.tiedEmbeddings)) {
    throw new FormatError(
      `model.safetensors: tensor '${foreign}' has no place in a ${architecture.modelType} model of this config.json`
    )
  }
  return flat
}

/** Where a stored tensor lies: a block of columns of a parameter, whose rows are the stored tensor's columns. */
interface Place {
  readonly offset: number
  /** Columns of the whole parameter; 1 for a vector. */
  readonly columns: number
  readonly firstColumn: number
  /** Whether the stored tensor is `[out, in]` where the parameter is `[in, out]`. */
  readonly transposed: boolean
}

function forEachElement(
  { offset, columns, firstColumn, transposed }: Place,
  shape: readonly number[],
  visit: (stored: number, own: number) => void
): void {
  const [rows = 1, inner = 1] = shape
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < inner; column++) {
      const own = transposed ? column * columns + firstColumn + row : row * columns + firstColumn + column
      visit(row * inner + column, offset + own)
    }
  }
}

function placesOf(architecture: Architecture): Map<string, Place> {
  const layout = new Map(parameterLayout(architecture).parameters.map((each) => [each.name, each]))
  const places = new Map<string, Place>()
  const put = (stored: string, parameter: string, kind: 'table' | 'matrix' | 'vector', firstColumn = 0): void => {
    const found = layout.get(parameter)
    if (!found) return
    const columns = kind === 'vector' ? 1 : (found.shape[1] ?? 1)
    places.set(stored, { offset: found.offset, columns, firstColumn, transposed: kind === 'matrix' })
  }
  put('model.embed_tokens.weight', parameterNames.embedding, 'table')
  put('model.norm.weight', parameterNames.finalNorm, 'vector')
  put('lm_head.weight', parameterNames.output, 'matrix')
  architecture.layers.forEach(({ attention, feedForward }, layer) => {
    const prefix = `model.layers.${layer}`
    const named = (part: Parameters<typeof parameterNames.layer>[1]) => parameterNames.layer(layer, part)
    put(`${prefix}.input_layernorm.weight`, named('attention_norm'), 'vector')
    put(`${prefix}.post_attention_layernorm.weight`, named('feed_forward_norm'), 'vector')
    const queries = attention.heads * attention.headSize
    const keys = attention.keyValueHeads * attention.headSize
    for (const [projection, first] of [
      ['q_proj', 0],
      ['k_proj', queries],
      ['v_proj', queries + keys]
    ] as const) {
      put(`${prefix}.self_attn.${projection}.weight`, named('qkv'), 'matrix', first)
      put(`${prefix}.self_attn.${projection}.bias`, named('qkv_bias'), 'vector', first)
    }
    put(`${prefix}.self_attn.o_proj.weight`, named('attention_output'), 'matrix')
    const swiGlu = (
      stored: string,
      [gate, up, down]: readonly string[],
      gateUp: string,
      own: string,
      width: number
    ) => {
      put(`${stored}.${gate}.weight`, gateUp, 'matrix')
      put(`${stored}.${up}.weight`, gateUp, 'matrix', width)
      put(`${stored}.${down}.weight`, own, 'matrix')
    }
    const projections = ['gate_proj', 'up_proj', 'down_proj']
    if (feedForward.kind === 'dense') {
      swiGlu(`${prefix}.mlp`, projections, named('gate_up'), named('down'), feedForward.width)
      return
    }
    const mixtral = architecture.modelType === 'mixtral'
    const block = mixtral ? `${prefix}.block_sparse_moe` : `${prefix}.mlp`
    put(`${block}.gate.weight`, named('router'), 'matrix')
    for (let expert = 0; expert < feedForward.experts; expert++) {
      swiGlu(
        `${block}.experts.${expert}`,
        mixtral ? ['w1', 'w3', 'w2'] : projections,
        parameterNames.expert(layer, 'expert_gate_up', expert),
        parameterNames.expert(layer, 'expert_down', expert),
        feedForward.expertWidth
      )
    }
    swiGlu(
      `${block}.shared_expert`,
      projections,
      named('shared_gate_up'),
      named('shared_down'),
      feedForward.sharedWidth
    )
    put(`${block}.shared_expert_gate.weight`, named('shared_gate'), 'matrix')
  })
  return places
}
