/** Source of a model's configuration: a file, a folder, or the gallery. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { nearestWords } from '@core/arch/describe/nearest-words'
import { binaryFile } from '@core/arch/describe/other-files'
import { findGalleryModel, type GalleryModel, readGallery } from '@core/arch/gallery'
import { jsonOf } from '@core/formats/json'
import { codeOf, reasonOf } from '../../node/reason'
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

/**
 * A configuration by the path of a file, of a folder with a config.json, or by the id or name of a gallery model. Throws
 * a `FailureError` that says what was looked for, and a `FormatError` for what is not JSON.
 */
export function findConfig(name: string, gallery: readonly GalleryModel[]): ConfigSource {
  const found = fileOf(name)
  if (!found) return fromGallery(name, gallery)
  const { path, bytes } = found
  const binary = binaryFile(bytes)
  if (binary !== undefined) throw new FailureError(`${path} is ${binary}`)
  return { name: nameOf(path), source: path, json: jsonOf(bytes, path) }
}

interface FoundFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** The file, or the config.json of the folder. It is opened at once: to ask first what it is takes as long. */
function fileOf(name: string): FoundFile | undefined {
  try {
    // There is nothing to do meanwhile, and of a thousand small files the pool of threads makes a third of the work.
    return { path: name, bytes: readFileSync(name) }
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return undefined
    if (code === 'ERR_FS_FILE_TOO_LARGE') return { path: name, bytes: firstBytes(name) }
    if (code === 'EISDIR') return configIn(name)
    throw new FailureError(`cannot read ${name}: ${reasonOf(error)}`, { cause: error })
  }
}

/** The config.json of a folder, or Mistral's params.json. Throws a `FailureError` that says what else is there. */
function configIn(folder: string): FoundFile {
  for (const file of ['config.json', 'params.json']) {
    const found = fileOf(join(folder, file))
    if (found) return found
  }
  const files = readdirSync(folder)
  const shown = files.slice(0, 5).join(', ')
  const found =
    files.length === 0 ? 'it is empty' : `found ${shown}${files.length > 5 ? `, and ${files.length - 5} more` : ''}`
  throw new FailureError(`${folder}: expected a folder with a config.json, ${found}`)
}

/** Enough to say what a file of several GB is, which no config.json is. */
function firstBytes(path: string): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const start = new Uint8Array(16)
    return start.subarray(0, readSync(file, start, 0, start.length, 0))
  } finally {
    closeSync(file)
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
