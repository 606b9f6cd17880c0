/** Source of a model's configuration: a file, a folder, or the gallery. */
import { basename, dirname, join, resolve } from 'node:path'
import { nearestWords } from '@core/arch/describe/nearest-words'
import { findGalleryModel, type GalleryModel, readGallery } from '@core/arch/gallery'
import { jsonOf } from '@core/formats/json'
import { codeOf } from '../../node/reason'
import { FailureError } from '../terminal/errors'
import { readExisting, readIfThere } from '../terminal/files'

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
  return { name: nameOf(path), source: path, json: jsonOf(bytes, path) }
}

/** The file, or the config.json of the folder. It is opened at once: to ask first what it is takes as long. */
async function fileOf(name: string): Promise<{ readonly path: string; readonly bytes: Uint8Array } | undefined> {
  try {
    const bytes = await readIfThere(name)
    return bytes && { path: name, bytes }
  } catch (error) {
    if (!(error instanceof FailureError) || codeOf(error.cause) !== 'EISDIR') throw error
    const path = join(name, 'config.json')
    return { path, bytes: await readExisting(path) }
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
