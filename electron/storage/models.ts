/** The models that were trained here: one folder each, with only the files of a checkpoint. */
import { randomUUID } from 'node:crypto'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, reasonOf } from '../../node/reason'
import { sweepTemporaryFiles, writeWhole } from '../../node/whole-file'
import { type ModelFileName, type ModelsFolder, modelFileName, modelId, type OwnModelEntry } from '../channels'
import type { Turns } from './turns'

/** Every call waits for those before it on the same model. Ids and names are checked before: see channels.ts. */
export interface OwnModels {
  /** Every folder with at least one file of a model, by name. */
  list(): Promise<OwnModelEntry[]>
  read(id: string, name: ModelFileName): Promise<Uint8Array<ArrayBuffer>>
  /** Writes a file whole or not at all. */
  write(id: string, name: ModelFileName, content: Uint8Array): Promise<void>
  /** Removes a file, where there is one. */
  removeFile(id: string, name: ModelFileName): Promise<void>
  /** Removes a model at once or not at all; throws for a folder that holds anything else, which is not ours. */
  remove(id: string): Promise<void>
  /** Removes what writes and removals that were killed have left. */
  sweep(): Promise<void>
}

/** What a model's folder is called from the moment it is removed until its files are gone. */
const removedPrefix = '.moescope-removed-'
const fileNames: readonly string[] = modelFileName.options

/** @param folder tells where the models are now */
export function createOwnModels(folder: () => ModelsFolder, turns: Turns): OwnModels {
  const inTurn = <T>(id: string, act: (home: string) => Promise<T>) => {
    const home = join(folder().path, id)
    return turns.take(home, () => act(home))
  }
  return {
    list: () => listModels(folder()),
    read: (id, name) => inTurn(id, (home) => readModelFile(home, id, name)),
    write: (id, name, content) => inTurn(id, (home) => writeWhole(join(home, name), content)),
    removeFile: (id, name) => inTurn(id, (home) => rm(join(home, name), { force: true })),
    remove: (id) => inTurn(id, (home) => removeModel(home, id, join(folder().path, removedPrefix + randomUUID()))),
    sweep: async () => {
      const root = folder().path
      const names = await readdir(root).catch(() => [])
      for (const name of names) {
        if (name.startsWith(removedPrefix)) await rm(join(root, name), { recursive: true, force: true })
        else if (modelId.safeParse(name).success) await sweepTemporaryFiles(join(root, name))
      }
    }
  }
}

async function listModels({ path: root, chosen }: ModelsFolder): Promise<OwnModelEntry[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true })
    const ids = entries.filter((each) => each.isDirectory() && modelId.safeParse(each.name).success)
    const models = await Promise.all(
      ids.map(async ({ name }) => ({ id: name, files: await filesOf(join(root, name)) }))
    )
    return models.filter(({ files }) => files.length > 0).toSorted((a, b) => a.id.localeCompare(b.id))
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && !chosen) return []
    throw new Error(`cannot list the models in ${root}: ${reasonOf(error)}; choose another folder for models`, {
      cause: error
    })
  }
}

async function filesOf(home: string): Promise<ModelFileName[]> {
  const entries = await readdir(home, { withFileTypes: true })
  const found = new Set(entries.filter((each) => each.isFile()).map((each) => each.name))
  return modelFileName.options.filter((name) => found.has(name))
}

async function readModelFile(home: string, id: string, name: ModelFileName): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(join(home, name)))
  } catch (error) {
    const reason = codeOf(error) === 'ENOENT' ? `there is none in ${home}` : reasonOf(error)
    throw new Error(`model '${id}': cannot read ${name}: ${reason}`, { cause: error })
  }
}

async function removeModel(home: string, id: string, aside: string): Promise<void> {
  try {
    await sweepTemporaryFiles(home)
    const others = (await readdir(home)).filter((name) => !fileNames.includes(name))
    if (others.length > 0) {
      throw new Error(
        `${home} also holds ${others.slice(0, 3).join(', ')}; remove the folder yourself if nobody needs it`
      )
    }
    await rename(home, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw new Error(`model '${id}' cannot be removed: ${reasonOf(error)}`, { cause: error })
  }
  // The model is gone; what is left of it on the disk is swept at the next start, too.
  await rm(aside, { recursive: true, force: true }).catch(() => undefined)
}
