/** Source of a model's configuration: a file, a folder, or the gallery. */
import { open, readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { nearestWords } from '@core/arch/describe/nearest-words'
import { binaryFile } from '@core/arch/describe/other-files'
import { findGalleryModel, type GalleryModel, readGallery } from '@core/arch/gallery'
import { jsonOf } from '@core/formats/json'
import { codeOf } from '../../node/reason'
import { FailureError } from '../terminal/errors'
import { readIfThere } from '../terminal/files'

/** A configuration that was found. */
export interface ConfigSource {
  readonly name: string
  /** The path of the file, or `gallery`. */
  readonly source: string
  readonly json: unknown
}

/**
 * The models of the gallery, which lies beside the shipped models; none where it is missing. Throws a `FailureError` that
 * names the file when it is damaged.
 */
export async function openGallery(modelsFolder: string): Promise<readonly GalleryModel[]> {
  const path = join(modelsFolder, '../architectures.json')
  const bytes = await readIfThere(path)
  return bytes ? readGallery(jsonOf(bytes, path), path) : []
}

const filesAtOnce = 64

/**
 * Finds configurations by the path of a file, of a folder with a config.json, or by the id or name of a gallery model;
 * they come in the order of their names. `found` throws a `FailureError` that says what was looked for, and a `FormatError` for what is not JSON.
 */
export async function* findConfigs(
  names: readonly string[],
  gallery: readonly GalleryModel[]
): AsyncGenerator<{ readonly name: string; readonly found: Promise<ConfigSource> }> {
  for (let start = 0; start < names.length; start += filesAtOnce) {
    const group = names.slice(start, start + filesAtOnce).map((name) => ({ name, found: findConfig(name, gallery) }))
    await Promise.allSettled(group.map(({ found }) => found))
    yield* group
  }
}

async function findConfig(name: string, gallery: readonly GalleryModel[]): Promise<ConfigSource> {
  const found = await fileOf(name)
  if (!found) return fromGallery(name, gallery)
  const { path, bytes } = found
  const binary = binaryFile(bytes)
  if (binary !== undefined) throw new FailureError(`${path} is ${binary}`)
  return { name: nameOf(path), source: path, json: jsonOf(bytes, path) }
}

/** The file, or the config.json of the folder. It is opened at once: to ask first what it is takes as long. */
async function fileOf(name: string): Promise<{ readonly path: string; readonly bytes: Uint8Array } | undefined> {
  try {
    const bytes = await readIfThere(name)
    return bytes && { path: name, bytes }
  } catch (error) {
    const code = error instanceof FailureError ? codeOf(error.cause) : undefined
    if (code === 'ERR_FS_FILE_TOO_LARGE') return { path: name, bytes: await firstBytes(name) }
    if (code !== 'EISDIR') throw error
    return configIn(name)
  }
}

/** The config.json of a folder, or Mistral's params.json. Throws a `FailureError` that says what else is there. */
async function configIn(folder: string): Promise<{ readonly path: string; readonly bytes: Uint8Array }> {
  for (const file of ['config.json', 'params.json']) {
    const path = join(folder, file)
    const bytes = await readIfThere(path)
    if (bytes) return { path, bytes }
  }
  const files = await readdir(folder)
  const shown = files.slice(0, 5).join(', ')
  const found =
    files.length === 0 ? 'it is empty' : `found ${shown}${files.length > 5 ? `, and ${files.length - 5} more` : ''}`
  throw new FailureError(`${folder}: expected a folder with a config.json, ${found}`)
}

/** Enough to say what a file of several GB is, which no config.json is. */
async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(16), 0, 16, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function fromGallery(name: string, gallery: readonly GalleryModel[]): ConfigSource {
  const model = findGalleryModel(gallery, name)
  if (model) return { name: model.name, source: 'gallery', json: model.config }
  if (/[/\\]|\.json$/.test(name)) throw new FailureError(`${name} does not exist`)
  const nearest = nearestWords(
    name,
    gallery.map(({ id }) => id),
    3
  ).join(', ')
  throw new FailureError(`${name} is no file, no folder and no model of the gallery (the nearest are ${nearest})`)
}

/** Files are called config.json, so their folder tells more. */
function nameOf(path: string): string {
  const file = basename(path, '.json')
  return file === 'config' ? basename(dirname(resolve(path))) : file
}
