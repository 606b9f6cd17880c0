/** A checkpoint in several files, as `save_pretrained` writes it beyond a size, as the one file that it would have been. */
import { z } from 'zod'
import { FormatError } from '../formats/format-error'
import { jsonBy } from '../formats/json'
import { readSafetensors, writeSafetensors } from '../formats/safetensors'

/** Name of the index of the files. */
export const shardIndexName = 'model.safetensors.index.json'

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/**
 * The bytes of one safetensors file with all tensors of the index, in its order. Rejects with a `FormatError` that names
 * the file in which a tensor is missing.
 * @param read gives a file of the folder by its name
 */
export async function joinedShards(
  index: Uint8Array,
  read: (name: string) => Promise<Uint8Array>
): Promise<Uint8Array> {
  const { weight_map: places } = jsonBy(indexSchema, index, shardIndexName)
  const files = new Map<string, ReturnType<typeof readSafetensors>['tensors']>()
  for (const file of new Set(Object.values(places))) {
    if (!/^[^/\\]+\.safetensors$/.test(file)) {
      throw new FormatError(`${shardIndexName}: weight_map: expected names of safetensors files, found '${file}'`)
    }
    files.set(file, readSafetensors(await read(file)).tensors)
  }
  const tensors = Object.entries(places).map(([name, file]) => {
    const tensor = files.get(file)?.get(name)
    if (!tensor) throw new FormatError(`${file}: tensor '${name}' is missing; ${shardIndexName} says that it is there`)
    return [name, tensor] as const
  })
  return writeSafetensors(tensors, { format: 'pt' })
}
