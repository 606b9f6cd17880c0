/** Weights as Hugging Face checkpoints store them, and back to the flat vector of the graphs. */
import type { Architecture } from '../arch/architecture'
import { type FiledTensor, wholeTensor } from '../formats/filed-tensor'
import { FormatError } from '../formats/format-error'
import { float32Of, storedTensor, writeSafetensors } from '../formats/safetensors'
import { elementCount } from '../formats/tensor-data'
import { groupBy } from '../group-by'
import type { CheckpointTensor } from '../tensors/binding'
import { withExpertsApart } from '../tensors/experts-apart'
import type { StoredBlock } from '../tensors/parameters'
import type { TensorStore } from '../tensors/store'
import { copyView } from '../tensors/view'
import { type ParameterLayout, parameterLayout } from './parameters'

/** Bytes of `model.safetensors`. */
export function writeWeights(architecture: Architecture, flat: Float32Array): Uint8Array {
  const layout = parameterLayout(architecture)
  const blocks = blocksByTensor(layout, flat)
  const tensors = layout.checkpoint.tensors.map(({ name, shape }) => {
    const data = new Float32Array(elementCount(shape))
    for (const { values, own, stored } of blocks.get(name) ?? []) copyView(values, own, data, stored)
    return [name, storedTensor(data, shape)] as const
  })
  return writeSafetensors(tensors, { format: 'pt' })
}

/**
 * The flat vector of a checkpoint's weights, read one tensor at a time. Rejects with a `FormatError` that names the
 * tensor when one is missing or has another shape than `config.json` says, or when the files hold one that the
 * architecture has no place for.
 */
export async function readWeights(architecture: Architecture, files: TensorStore): Promise<Float32Array> {
  refuseQuantised(files)
  const layout = parameterLayout(architecture)
  const { tensors, ignored } = layout.checkpoint
  const known = new Set(tensors.map(({ name }) => name))
  const store = withExpertsApart(files, known)
  const found = tensors.map((expected) => ({ filed: find(store, expected), ...expected }))
  for (const { name, source } of store.tensors.values()) {
    if (known.has(name) || ignored.some((pattern) => pattern.test(name))) continue
    throw new FormatError(
      `${source.name}: tensor '${name}' has no place in a ${architecture.modelType} model of this config.json`
    )
  }
  const flat = new Float32Array(layout.size)
  const blocks = blocksByTensor(layout, flat)
  for (const { name, filed } of found) {
    const data = float32Of(await wholeTensor(filed), name)
    for (const { values, own, stored } of blocks.get(name) ?? []) copyView(data, stored, values, own)
  }
  return flat
}

/** Throws a `FormatError` for weights that are no floats any more. */
function refuseQuantised({ tensors }: TensorStore): void {
  const quantised = [...tensors.values()].find(({ name }) =>
    /\.(qweight|weight_packed|weight_scale\w*|absmax)$/.test(name)
  )
  if (!quantised) return
  throw new FormatError(
    `${quantised.source.name}: tensor '${quantised.name}' is of quantised weights (GPTQ, AWQ and the like), and models are ` +
      'run as floats: take the model that it was made of, or save it dequantised'
  )
}

function find(store: TensorStore, { name, shape }: CheckpointTensor): FiledTensor {
  const found = store.tensors.get(name)
  if (!found) throw new FormatError(`${store.name}: tensor '${name}' is missing; config.json calls for it`)
  if (found.shape.length !== shape.length || found.shape.some((size, axis) => size !== shape[axis])) {
    throw new FormatError(
      `${found.source.name}: tensor '${name}' has shape [${found.shape.join(', ')}], ` +
        `but config.json calls for [${shape.join(', ')}]`
    )
  }
  return found
}

interface FlatBlock extends StoredBlock {
  /** The parameter's stretch of the flat vector, of which `own` is a view. */
  readonly values: Float32Array
}

function blocksByTensor({ parameters }: ParameterLayout, flat: Float32Array): ReadonlyMap<string, FlatBlock[]> {
  const all = parameters.flatMap(({ offset, size, blocks }) => {
    const values = flat.subarray(offset, offset + size)
    return blocks.map((block): FlatBlock => ({ ...block, values }))
  })
  return groupBy(all, ({ tensor }) => tensor)
}
