/** Opening the folder of a sweep, or its table alone. */
import { openCsv } from '@core/formats/csv'
import { jsonBy } from '@core/formats/json'
import type { RunFiles } from '@core/lab/store'
import { type ListedRun, listName, readSweepList, runsName, storeName, storeSchema } from '@core/lab/sweep/folder'
import { missingRun, readSweepRun, type SweepRun } from '@core/lab/sweep/read-run'
import { readSweepTable } from '@core/lab/sweep/table'
import { messageOf } from '@core/reason'
import type { OpenedFile, OpenedFolder } from '../host/host'
import type { App } from '../state/app'
import type { OpenedSweep } from './state'

/** True of a folder with the files that every sweep has. */
export async function isSweep(folder: OpenedFolder): Promise<boolean> {
  const names = (await folder.files()).map(({ name }) => name)
  return names.includes(storeName) || names.includes(listName)
}

/** Shows a sweep, and reads its runs one after the other. Throws an error that names the file that is damaged. */
export async function openSweep(app: App, folder: OpenedFolder): Promise<void> {
  const { list, store } = await readList(folder)
  const opened: OpenedSweep = { name: folder.name, folder, from: 'folder', store, runs: list.map(missingRun), read: 0 }
  show(app, opened)
  await readRuns(app, folder, list, new Map())
}

/** Shows the runs of a table, without what only their folder tells. */
export async function openSweepTable(app: App, file: OpenedFile): Promise<string> {
  const runs = await readSweepTable(await openCsv(file))
  show(app, { name: file.name, folder: undefined, from: 'table', runs, read: runs.length })
  return `${file.name} is open: the table of a sweep. Its curves, and its runs as models, are in its folder.`
}

/** True of a table whose first columns are those of a sweep. */
export async function isSweepTableFile(file: OpenedFile): Promise<boolean> {
  const head = new TextDecoder().decode(await file.bytes(0, Math.min(16, file.size)))
  return /^(\uFEFF)?"?run"?,"?kind"?[,\r\n]/.test(head)
}

function show({ store, choose }: App, sweep: OpenedSweep): void {
  store.setState({ sweep })
  const { choices } = store.getState()
  choose({ view: 'sweep', sweep: { ...choices.sweep, filter: '', run: '' } })
}

/**
 * Reads again what was not whole, and what has come. Resolves when all was read; does nothing once another sweep is open.
 */
export async function followSweep(app: App, folder: OpenedFolder): Promise<void> {
  try {
    const { list } = await readList(folder)
    const { sweep } = app.store.getState()
    if (sweep?.folder !== folder) return
    const known = new Map(sweep.runs.map((run) => [run.id, run]))
    await readRuns(app, folder, list, known)
  } catch (error) {
    change(app, folder, () => ({ problem: `It is not followed any more: ${messageOf(error)}` }))
  }
}

/** True of a run that may come to something else than it is. */
export function isOpenEnded({ state }: Pick<SweepRun, 'state'>): boolean {
  return state.kind !== 'whole' && state.kind !== 'damaged'
}

/** The files of a run in the folder of its sweep. */
export function runFolder(folder: OpenedFolder, id: string): Pick<RunFiles, 'read'> {
  return { read: async (name) => (await folder.file(`${runsName}/${id}/${name}`))?.bytes() }
}

/** The list of the runs, and the id of the folder. */
async function readList(folder: OpenedFolder): Promise<{ readonly list: ListedRun[]; readonly store: string }> {
  const store = await folder.file(storeName)
  if (!store) throw new Error(`expected ${storeName}, which every sweep has beside ${listName}, found none`)
  const { id } = jsonBy(storeSchema, await store.bytes(), storeName)
  const list = await folder.file(listName)
  if (!list) throw new Error(`expected ${listName}, the list of its runs, found none: 'moescope sweep FILE' writes it`)
  return { list: readSweepList(await list.bytes()), store: id }
}

/** Runs that are read at the same time. */
const atOnce = 12

/** Milliseconds between two drawings of what was read. */
const pause = 150

async function readRuns(
  app: App,
  folder: OpenedFolder,
  list: readonly ListedRun[],
  known: ReadonlyMap<string, SweepRun>
): Promise<void> {
  const runs = list.map((listed) => known.get(listed.id) ?? missingRun(listed))
  const places = runs.flatMap((run, place) => (isOpenEnded(run) ? [place] : []))
  let shown = performance.now()
  let read = runs.length - places.length
  const draw = () => change(app, folder, () => ({ runs: [...runs], read }))
  async function reader(): Promise<void> {
    for (let place = places.shift(); place !== undefined; place = places.shift()) {
      if (app.store.getState().sweep?.folder !== folder) return
      const listed = list[place]
      if (!listed) continue
      runs[place] = await readSweepRun(listed, runFolder(folder, listed.id))
      read++
      if (performance.now() - shown < pause) continue
      shown = performance.now()
      draw()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, reader))
  draw()
}

function change({ store }: App, folder: OpenedFolder, changes: () => Partial<OpenedSweep>): void {
  store.setState(({ sweep }) => (sweep?.folder === folder ? { sweep: { ...sweep, ...changes() } } : {}))
}
