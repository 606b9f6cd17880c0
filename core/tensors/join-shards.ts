/** A checkpoint in several files, as `save_pretrained` writes it beyond a size, as the one file that it would have been. */
import { z } from 'zod'
import { FormatError } from '../formats/format-error'
import { jsonBy } from '../formats/json'
import { readSafetensors, type StoredTensor, writeSafetensors } from '../formats/safetensors'
import { shardIndexName, shardName, wholeWeightsName } from './weight-files'

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/**
 * The bytes of the weights of a checkpoint: its model.safetensors, or the one file that its shards make, which are those
 * of the index, or without one all that are numbered. Rejects with a `FormatError` that names the file or the tensor
 * which is missing.
 * @param names files of the folder, which has weights (`hasWeights`)
 * @param read gives one of them
 */
export async function checkpointWeights(
  names: readonly string[],
  read: (name: string) => Promise<Uint8Array>
): Promise<Uint8Array> {
  if (names.includes(wholeWeightsName)) return read(wholeWeightsName)
  const readShard = async (name: string) => {
    if (names.includes(name)) return read(name)
    const found = names.filter((each) => each.endsWith('.safetensors')).join(', ') || 'none'
    throw new FormatError(
      `${name} does not exist: expected all files of the weights beside config.json, found ${found}; copy the others there`
    )
  }
  if (names.includes(shardIndexName)) return joinedShards(await read(shardIndexName), readShard)
  const tensors = new Map<string, StoredTensor>()
  for (const name of numberedShards(names)) {
    for (const [tensor, stored] of tensorsOf(name, await readShard(name))) {
      if (tensors.has(tensor)) throw new FormatError(`${name}: tensor '${tensor}' is in another file too`)
      tensors.set(tensor, stored)
    }
  }
  return writeSafetensors([...tensors], { format: 'pt' })
}

/** The names of all shards, those that are missing included. Throws a `FormatError` where files of two sets lie together. */
function numberedShards(names: readonly string[]): string[] {
  const sets = new Map(
    names.flatMap((name) => {
      const [, stem, , count] = shardName.exec(name) ?? []
      return stem === undefined || count === undefined ? [] : [[`${stem}-*-of-${count}.safetensors`, { stem, count }]]
    })
  )
  const [set, ...others] = sets.values()
  if (!set || others.length > 0) {
    throw new FormatError(`expected the files of one checkpoint, found ${[...sets.keys()].join(' and ') || 'none'}`)
  }
  const { stem, count } = set
  return Array.from(
    { length: Math.min(Number(count), mostShards) },
    (_, i) => `${stem}-${String(i + 1).padStart(5, '0')}-of-${count}.safetensors`
  )
}

/** The largest checkpoints have some hundreds. */
const mostShards = 10_000

/**
 * The bytes of one safetensors file with all tensors of the index, in its order. Rejects with a `FormatError` that names
 * the file in which a tensor is missing.
 * @param read gives a file of the folder by its name
 */
async function joinedShards(index: Uint8Array, read: (name: string) => Promise<Uint8Array>): Promise<Uint8Array> {
  const { weight_map: places } = jsonBy(indexSchema, index, shardIndexName)
  const files = new Map<string, ReadonlyMap<string, StoredTensor>>()
  for (const file of new Set(Object.values(places))) {
    if (!/^[^/\\]+\.safetensors$/.test(file)) {
      throw new FormatError(`${shardIndexName}: weight_map: expected names of safetensors files, found '${file}'`)
    }
    files.set(file, tensorsOf(file, await read(file)))
  }
  const tensors = Object.entries(places).map(([name, file]) => {
    const tensor = files.get(file)?.get(name)
    if (!tensor) throw new FormatError(`${file}: tensor '${name}' is missing; ${shardIndexName} says that it is there`)
    return [name, tensor] as const
  })
  return writeSafetensors(tensors, { format: 'pt' })
}

function tensorsOf(file: string, bytes: Uint8Array): ReadonlyMap<string, StoredTensor> {
  try {
    return readSafetensors(bytes).tensors
  } catch (error) {
    throw error instanceof FormatError ? new FormatError(`${file}: ${error.message}`, { cause: error }) : error
  }
}
