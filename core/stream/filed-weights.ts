/** The parameters of a model, each read from its file when it is asked for. */
import type { Architecture } from '../arch/architecture'
import { tensorRows, tensorValues } from '../formats/filed-tensor'
import { dtypeBytes, elementCount, float32Of } from '../formats/tensor-data'
import { groupBy } from '../group-by'
import { checkpointTensors } from '../model/checkpoint'
import { parameterLayout } from '../model/parameters'
import { inputForm } from '../model/weights'
import type { HostTensor } from '../runtime/backend'
import { float32 } from '../runtime/backend'
import { type PartKey, parameterName } from '../tensors/part'
import type { TensorStore } from '../tensors/store'
import { copyView, extentOf, transposed, type View, whole } from '../tensors/view'

/** Parameters that stay in their files. */
export interface FiledWeights {
  /**
   * A parameter in the form of `inputWeights`. Rejects with a `FormatError` that names the file when it is damaged, and a
   * reason of the system when it cannot be read.
   */
  read(key: PartKey): Promise<HostTensor>
  /** Rows `from` to `to` (exclusive) of the embedding or of the transposed output projection: `[rows, d]`. Rejects as `read`. */
  vocabularyRows(part: 'embedding' | 'output', from: number, to: number): Promise<HostTensor>
  /** Bytes that a parameter takes in its files. */
  bytesOf(key: PartKey): number
}

/**
 * The parameters in the files of a checkpoint. Throws a `FormatError` that names the tensor when one is missing, has
 * another shape than config.json says, or has no place in such a model.
 */
export function filedWeights(architecture: Architecture, store: TensorStore): FiledWeights {
  const { parameters, checkpoint } = parameterLayout(architecture)
  const tensors = checkpointTensors(architecture, checkpoint, store)
  const byName = new Map(parameters.map((each) => [each.name, each]))
  const parameterOf = (key: PartKey) => {
    // Layers that share their weights have those of the first.
    const own = architecture.sharedLayers && key.layer !== undefined ? { ...key, layer: 0 } : key
    const found = byName.get(parameterName(own))
    if (!found) throw new Error(`this architecture has no parameter '${parameterName(own)}'`)
    return found
  }
  const tensorOf = (name: string) => {
    const found = tensors.get(name)
    if (!found) throw new Error(`the layout has no tensor '${name}'`)
    return found
  }
  return {
    read: async (key) => {
      const parameter = parameterOf(key)
      const { isTransposed, shape } = inputForm(parameter)
      const from = (view: View) => (isTransposed ? transposed(view) : view)
      // Columns of the parameter are rows of its transpose, one after the other.
      const to = ({ offset, ...view }: View): View => {
        const [inputs = 1, count = 1] = view.shape
        return isTransposed ? { ...whole([count, inputs]), offset: offset * inputs } : { offset, ...view }
      }
      const data = new Float32Array(elementCount(shape))
      for (const [name, blocks] of groupBy(parameter.blocks, ({ tensor }) => tensor)) {
        const { begin, end } = extentOf(blocks.map(({ stored }) => stored))
        const values = float32Of(await tensorValues(tensorOf(name), begin, end), name)
        for (const { stored, own } of blocks) {
          copyView(values, from({ ...stored, offset: stored.offset - begin }), data, to(own))
        }
      }
      return float32(data, shape)
    },
    vocabularyRows: async (part, from, to) => {
      const { blocks } = parameterOf({ part })
      const tensor = tensorOf(blocks[0]?.tensor ?? '')
      return float32(float32Of(await tensorRows(tensor, from, to), tensor.name), [to - from, architecture.width])
    },
    bytesOf: (key) =>
      parameterOf(key).blocks.reduce(
        (bytes, { tensor, stored }) => bytes + elementCount(stored.shape) * dtypeBytes[tensorOf(tensor).dtype],
        0
      )
  }
}
