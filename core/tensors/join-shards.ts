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
    requirePresent(name, names)
    return read(name)
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

/**
 * The files in which a checkpoint has its weights: its model.safetensors, the shards of the index, or without one all
 * that are numbered. Rejects with a `FormatError` that names the file which is missing.
 * @param names as of `checkpointWeights`
 * @param read gives the index
 */
export async function weightFileNames(
  names: readonly string[],
  read: (name: string) => Promise<Uint8Array>
): Promise<readonly string[]> {
  if (names.includes(wholeWeightsName)) return [wholeWeightsName]
  const files = names.includes(shardIndexName)
    ? [...new Set(Object.values(placesIn(await read(shardIndexName))))]
    : numberedShards(names)
  for (const file of files) requirePresent(file, names)
  return files
}

function requirePresent(name: string, names: readonly string[]): void {
  if (names.includes(name)) return
  const found = names.filter((each) => each.endsWith('.safetensors')).join(', ') || 'none'
  throw new FormatError(
    `${name} does not exist: expected all files of the weights beside config.json, found ${found}; copy the others there`
  )
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
  const places = placesIn(index)
  const files = new Map<string, ReadonlyMap<string, StoredTensor>>()
  for (const file of new Set(Object.values(places))) {
    files.set(file, tensorsOf(file, await read(file)))
  }
  const tensors = Object.entries(places).map(([name, file]) => {
    const tensor = files.get(file)?.get(name)
    if (!tensor) throw new FormatError(`${file}: tensor '${name}' is missing; ${shardIndexName} says that it is there`)
    return [name, tensor] as const
  })
  return writeSafetensors(tensors, { format: 'pt' })
}

/** The file of each tensor, by its name. Throws a `FormatError` for an index that names other files. */
function placesIn(index: Uint8Array): Readonly<Record<string, string>> {
  const { weight_map: places } = jsonBy(indexSchema, index, shardIndexName)
  const other = Object.values(places).find((file) => !/^[^/\\]+\.safetensors$/.test(file))
  if (other === undefined) return places
  throw new FormatError(`${shardIndexName}: weight_map: expected names of safetensors files, found '${other}'`)
}

function tensorsOf(file: string, bytes: Uint8Array): ReadonlyMap<string, StoredTensor> {
  try {
    return readSafetensors(bytes).tensors
  } catch (error) {
    throw error instanceof FormatError ? new FormatError(`${file}: ${error.message}`, { cause: error }) : error
  }
}
