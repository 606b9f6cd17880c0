/**
 * The folder of a sweep, which the machines that compute it share, or the same in S3-compatible storage:
 *
 *   store.json     its name, and the versions whose results it holds
 *   sweep.jsonl    the runs that are asked for, one a line
 *   runs/ID/       the files of a run, addressed by the hash of its spec
 *   models/HASH/   the models that runs name, by their weights
 *   results.*      the table of what came out
 *   rows.jsonl     the figures that are in it, one run a line
 */
import { randomUUID } from 'node:crypto'
import { jsonText } from '@core/formats/json'
import { readFolder } from '@core/lab/checkpoints'
import type { ModelReference } from '@core/lab/model-reference'
import { openReferenced } from '@core/lab/open-referenced'
import { readRecord } from '@core/lab/queue'
import type { RunRecord } from '@core/lab/run'
import type { RunStore } from '@core/lab/store'
import { type ListedRun, listName, readSweepList, storeName, storeSchema, sweepLines } from '@core/lab/sweep/folder'
import type { ModelFiles, RunnableModel } from '@core/model/runnable-model'
import { FailureError } from '../terminal/errors'
import { parseJson as parseFile } from '../terminal/files'
import { textLines } from '../terminal/json-lines'
import { versions } from '../terminal/native'
import { openSweepStore } from './store/open'
import type { SweepStore } from './store/store'

export { type ListedRun, listName, storeName }

export interface SweepFolder extends Pick<SweepStore, 'read' | 'write' | 'pathOf'> {
  readonly path: string
  readonly id: string
  readonly runs: RunStore
  /** Opens a model that a run names. */
  openModel(reference: ModelReference): Promise<RunnableModel>
  /** Keeps a model where there is none of its weights. */
  keepModel(weights: string, files: () => Promise<ModelFiles>): Promise<void>
  readList(): Promise<ListedRun[]>
  /** Writes the list; false for one that is there already. */
  writeList(runs: readonly ListedRun[]): Promise<boolean>
  /** The record of a run that is whole; undefined for any other. */
  finished(id: string): Promise<RunRecord | undefined>
}

/**
 * Opens the folder of a sweep, and makes one where there is none. Throws a `FailureError` for one that cannot be written,
 * and for one with results of other versions.
 */
export async function openSweepFolder(path: string): Promise<SweepFolder> {
  const { read, create, write, pathOf, runs, models } = await openSweepStore(path)
  if (!(await read(storeName))) {
    await create(
      storeName,
      jsonText({ format: 'moescope.sweep-store/1', id: randomUUID(), versions: resultVersions() })
    )
  }
  const found = await read(storeName)
  if (!found) throw new FailureError(`${pathOf(storeName)} does not exist, though it has just been written`)
  const store = parseFile(pathOf(storeName), found, storeSchema)
  const own = resultVersions()
  const differing = Object.keys({ ...own, ...store.versions }).filter((name) => own[name] !== store.versions[name])
  if (differing.length > 0) {
    const text = (all: Readonly<Record<string, string>>) =>
      differing.map((name) => `${name} ${all[name] ?? 'none'}`).join(', ')
    throw new FailureError(
      `${path} holds results of ${text(store.versions)}, and this is ${text(own)}: use these versions, or another folder`
    )
  }
  return {
    path,
    read,
    write,
    pathOf,
    id: store.id,
    runs,
    openModel: async (reference) => openReferenced(reference, await readFolder(models.files(reference.weights))),
    keepModel: async (weights, files) => {
      const kept = models.files(weights)
      if ((await kept.read('model.safetensors')) !== undefined) return
      const { weights: content, config, tokenizer, training } = await files()
      await kept.write('config.json', config)
      if (tokenizer) await kept.write('tokenizer.json', tokenizer)
      if (training) await kept.write('training.json', training)
      // The weights last: whoever finds them finds all.
      await kept.write('model.safetensors', content)
    },
    readList: async () => {
      const list = pathOf(listName)
      const bytes = await read(listName)
      if (!bytes) throw new FailureError(`${list} does not exist: 'moescope sweep FILE --out ${path}' writes it`)
      return readSweepList(bytes, list)
    },
    writeList: async (list) => {
      const before = await read(listName)
      if (before && (await isText(before, sweepLines(list)))) return false
      await write(listName, textLines(sweepLines(list)))
      return true
    },
    finished: async (id) => {
      const record = await readRecord(runs, id)
      return record?.status === 'finished' ? record : undefined
    }
  }
}

/** The versions of everything that results depend on: Node is not part of it. */
function resultVersions(): Record<string, string> {
  const { node: _, ...others } = versions()
  return others
}

/** True of the text of these lines. */
async function isText(bytes: Uint8Array, lines: Iterable<string>): Promise<boolean> {
  let place = 0
  for await (const part of textLines(lines)) {
    const end = place + part.length
    if (Buffer.compare(part, bytes.subarray(place, end)) !== 0) return false
    place = end
  }
  return place === bytes.length
}
