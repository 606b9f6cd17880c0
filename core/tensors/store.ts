import type { ByteSource } from '../formats/byte-source'
import type { FiledTensor } from '../formats/filed-tensor'
import { FormatError } from '../formats/format-error'
import { indexSafetensors } from '../formats/safetensors'

/** The tensors of a checkpoint, which stay in its files: `wholeTensor` and `tensorRows` read one of them. */
export interface TensorStore {
  /** Of the files, for messages. */
  readonly name: string
  /** By name, in the order of the files and of their bytes. */
  readonly tensors: ReadonlyMap<string, FiledTensor>
}

/**
 * Reads which tensors safetensors files hold, not their values. Rejects with a `FormatError` that names the file when
 * one breaks a rule of the format, or has a tensor that another file has too.
 */
export async function openTensorStore(files: readonly ByteSource[]): Promise<TensorStore> {
  const tensors = new Map<string, FiledTensor>()
  for (const file of files) {
    for (const [name, tensor] of await tensorsOf(file)) {
      const twin = tensors.get(name)
      if (twin) throw new FormatError(`${file.name}: tensor '${name}' is in ${twin.source.name} too`)
      tensors.set(name, tensor)
    }
  }
  return { name: files.map((file) => file.name).join(', '), tensors }
}

async function tensorsOf(file: ByteSource): Promise<ReadonlyMap<string, FiledTensor>> {
  try {
    const { tensors } = await indexSafetensors(file)
    return tensors
  } catch (error) {
    if (error instanceof FormatError) throw new FormatError(`${file.name}: ${error.message}`, { cause: error })
    throw error
  }
}
