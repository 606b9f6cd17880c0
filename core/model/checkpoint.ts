/** Weights as Hugging Face checkpoints store them, and back to the flat vector of the graphs. */
import type { Architecture } from '../arch/architecture'
import { type FiledTensor, wholeTensor } from '../formats/filed-tensor'
import { FormatError } from '../formats/format-error'
import { float32Of, type StoredTensor, storedTensor, writeSafetensors } from '../formats/safetensors'
import { dtypeBytes, elementCount } from '../formats/tensor-data'
import { groupBy } from '../group-by'
import type { Block, CheckpointLayout, CheckpointTensor } from '../tensors/binding'
import { packedTensors, quantizationConfig } from '../tensors/compressed-tensors'
import { withExpertsApart } from '../tensors/experts-apart'
import { gridOfOutputs, type MatrixGrid } from '../tensors/grid'
import type { StoredBlock } from '../tensors/parameters'
import { parameterName } from '../tensors/part'
import type { TensorStore } from '../tensors/store'
import { copyView } from '../tensors/view'
import { type ParameterLayout, parameterLayout } from './parameters'

/** Grids of the parameters that are quantised, by name; the outputs of a grid are the parameter's columns. */
export type ParameterGrids = ReadonlyMap<string, MatrixGrid>

/** Bytes of `model.safetensors`. Parameters that have grids are stored as packed codes, `core/tensors/compressed-tensors.ts`. */
export function writeWeights(
  architecture: Architecture,
  flat: Float32Array,
  grids: ParameterGrids = new Map()
): Uint8Array {
  const layout = parameterLayout(architecture)
  const blocks = blocksByTensor(layout, flat)
  const tensors = layout.checkpoint.tensors.flatMap(({ name, shape }): [string, StoredTensor][] => {
    const data = new Float32Array(elementCount(shape))
    const own = blocks.get(name) ?? []
    for (const { values, own: from, stored } of own) copyView(values, from, data, stored)
    const grid = own.length === 1 && own[0] ? gridOf(own[0], grids) : undefined
    return grid ? packedTensors(name, data, sizesOf(shape), grid) : [[name, storedTensor(data, shape)]]
  })
  // Wide numbers first, so that all are aligned.
  tensors.sort(([, a], [, b]) => dtypeBytes[b.dtype] - dtypeBytes[a.dtype])
  return writeSafetensors(tensors, { format: 'pt' })
}

/**
 * The `quantization_config` of config.json that belongs to such weights; undefined where all are floats. Throws a
 * `RangeError` for matrices on different grids.
 */
export function quantizationOf(architecture: Architecture, grids: ParameterGrids) {
  const [grid, ...others] = grids.values()
  if (!grid) return undefined
  const { bits, block, symmetric } = grid
  if (others.some((each) => each.bits !== bits || each.block !== block || each.symmetric !== symmetric)) {
    throw new RangeError('the matrices of a model are quantised in different ways, and a checkpoint has room for one')
  }
  const isLinear = ({ of }: Block) => of.part !== 'embedding'
  const floats = parameterLayout(architecture).checkpoint.tensors.filter(
    ({ shape, blocks }) =>
      shape.length === 2 && blocks.every((each) => isLinear(each) && !grids.has(parameterName(each.of)))
  )
  const ignore = floats.map(({ name }) => name.replace(/\.weight$/, ''))
  return quantizationConfig(grid, architecture.tiedEmbeddings ? [...ignore, 'lm_head'] : ignore)
}

/** The grids of parameters by those of the tensors that make them up; a parameter of which a part is floats has none. */
export function parameterGrids(architecture: Architecture, tensors: ReadonlyMap<string, MatrixGrid>): ParameterGrids {
  const found = parameterLayout(architecture).parameters.flatMap(({ name, blocks }): [string, MatrixGrid][] => {
    const grids = blocks.flatMap(({ tensor }) => tensors.get(tensor) ?? [])
    const [first] = grids
    if (!first || grids.length < blocks.length) return []
    return [
      [
        name,
        {
          ...first,
          scales: Float32Array.from(grids.flatMap(({ scales }) => [...scales])),
          zeros: Uint8Array.from(grids.flatMap(({ zeros }) => [...zeros]))
        }
      ]
    ]
  })
  return new Map(found)
}

function gridOf({ parameter, own }: FlatBlock, grids: ParameterGrids): MatrixGrid | undefined {
  const grid = grids.get(parameter)
  const [inputs = 0, outputs = 0] = own.shape
  return grid && gridOfOutputs(grid, inputs, range(own.offset, own.offset + outputs))
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

function sizesOf([outputs = 0, inputs = 0]: readonly number[]): [number, number] {
  return [outputs, inputs]
}

/**
 * The flat vector of a checkpoint's weights, read one tensor at a time. Rejects with a `FormatError` that names the
 * tensor when one is missing or has another shape than `config.json` says, or when the files hold one that the
 * architecture has no place for.
 */
export async function readWeights(architecture: Architecture, files: TensorStore): Promise<Float32Array> {
  const layout = parameterLayout(architecture)
  const found = checkpointTensors(architecture, layout.checkpoint, files)
  const flat = new Float32Array(layout.size)
  const blocks = blocksByTensor(layout, flat)
  for (const [name, filed] of found) {
    const data = float32Of(await wholeTensor(filed), name)
    for (const { values, own, stored } of blocks.get(name) ?? []) copyView(data, stored, values, own)
  }
  return flat
}

/**
 * The tensors of a layout in the files of a checkpoint, by name and in the order of the layout. Throws a `FormatError` as
 * `readWeights` rejects.
 */
export function checkpointTensors(
  architecture: Architecture,
  { tensors, ignored }: CheckpointLayout,
  files: TensorStore
): ReadonlyMap<string, FiledTensor> {
  refuseQuantised(files)
  const known = new Set(tensors.map(({ name }) => name))
  const store = withExpertsApart(files, known)
  const found = new Map(tensors.map((expected) => [expected.name, find(store, expected)] as const))
  for (const { name, source } of store.tensors.values()) {
    if (known.has(name) || ignored.some((pattern) => pattern.test(name))) continue
    throw new FormatError(
      `${source.name}: tensor '${name}' has no place in a ${architecture.modelType} model of this config.json`
    )
  }
  return found
}

/** Throws a `FormatError` for weights that are no floats any more. */
function refuseQuantised({ tensors }: TensorStore): void {
  const quantised = [...tensors.values()].find(({ name }) =>
    /\.(qweight|weight_packed|weight_scale\w*|absmax)$/.test(name)
  )
  if (!quantised) return
  throw new FormatError(
    `${quantised.source.name}: tensor '${quantised.name}' is of quantised weights (GPTQ, AWQ and the like), of which only ` +
      "those of compressed-tensors, format 'pack-quantized', can be run: take the model that it was made of, or save it " +
      'dequantised'
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
  /** Name of the parameter. */
  readonly parameter: string
  /** The parameter's stretch of the flat vector, of which `own` is a view. */
  readonly values: Float32Array
}

function blocksByTensor({ parameters }: ParameterLayout, flat: Float32Array): ReadonlyMap<string, FlatBlock[]> {
  const all = parameters.flatMap(({ name: parameter, offset, size, blocks }) => {
    const values = flat.subarray(offset, offset + size)
    return blocks.map((block): FlatBlock => ({ ...block, parameter, values }))
  })
  return groupBy(all, ({ tensor }) => tensor)
}
