/** Opening whatever the app can show: what it is, is told by its content and not by its name. */

import { parseJson } from '@core/formats/json'
import { messageOf } from '@core/reason'
import { type FileKind, type OpenedFile, type OpenedFolder, textOf } from '../host/host'
import type { App } from '../state/app'
import { refreshRecent } from '../state/recent'

/** Everything that can be opened. */
const openableFile: FileKind = {
  description: 'Moescope state, run, story, sweep, routing trace or config.json',
  extensions: [
    'moescope',
    'moescope-story',
    'json',
    'safetensors',
    'npy',
    'npz',
    'pt',
    'pth',
    'pkl',
    'jsonl',
    'csv',
    'yaml',
    'yml',
    'parquet'
  ]
}

/** Opens the file that the user chooses. */
export async function chooseAndOpen(app: App): Promise<void> {
  await opening(app, () => app.host.openFile(openableFile))
}

/** Opens a file of the list of recent ones. */
export async function openRecentFile(app: App, id: string): Promise<void> {
  await opening(app, () => app.host.openRecent(id))
}

/** Opens a file that came from outside of the page, or was dropped on it. */
export async function openGivenFile(app: App, file: OpenedFile): Promise<void> {
  await opening(app, async () => file)
}

/** Opens a folder, which is one of a sweep or of a checkpoint. */
export async function openFolder(app: App, find: () => Promise<OpenedFolder | undefined>): Promise<void> {
  let folder: OpenedFolder | undefined
  try {
    folder = await find()
    if (folder) await showFolder(app, folder)
  } catch (error) {
    app.notify(`${folder?.name ?? 'The folder'} cannot be opened: ${messageOf(error)}`)
  }
}

async function showFolder(app: App, folder: OpenedFolder): Promise<void> {
  const sweeps = await import('../sweeps/open-sweep')
  if (await sweeps.isSweep(folder)) return sweeps.openSweep(app, folder)
  const { openCheckpoint } = await import('../lab/open-checkpoint')
  app.notify(await openCheckpoint(app, { name: folder.name, files: await folder.files() }))
}

/** Opens the folder that the user chooses. */
export function chooseAndOpenFolder(app: App): Promise<void> {
  return openFolder(app, async () => (await import('../host/opened-folders')).chooseListedFolder())
}

/** Opens the folder that the user chooses, which is followed where it can be. */
export function chooseAndFollowFolder(app: App): Promise<void> {
  return openFolder(app, () => app.host.openFolder())
}

/** Opens what was dropped together: the files of a checkpoint as one model, others in turn. */
export async function openGivenFiles(app: App, files: readonly OpenedFile[]): Promise<void> {
  const { isCheckpoint, openCheckpoint } = await import('../lab/open-checkpoint')
  if (!isCheckpoint(files)) {
    for (const file of files) await openGivenFile(app, file)
    return
  }
  const name = 'checkpoint'
  await openCheckpoint(app, { name, files }).then(app.notify, (error: unknown) =>
    app.notify(`${name} cannot be opened: ${messageOf(error)}`)
  )
}

async function opening(app: App, find: () => Promise<OpenedFile | undefined>): Promise<void> {
  let file: OpenedFile | undefined
  try {
    file = await find()
    if (!file) return
    const notice = await show(app, file)
    if (notice !== undefined) app.notify(notice)
  } catch (error) {
    app.notify(`${file?.name ?? 'The file'} cannot be opened: ${messageOf(error)}`)
  }
  await refreshRecent(app)
}

/** Shows a file, and says what it is. Each format's reader is loaded with the first file that may be of it. */
async function show(app: App, file: OpenedFile): Promise<string | undefined> {
  if (file.size === 0) throw new Error('it is empty')
  if (await isStory(file)) {
    const { openStory } = await import('../stories/tell')
    return openStory(app, file.name, await textOf(file))
  }
  const own = await import('../sweeps/own-sweeps')
  if (await own.isSweepFile(file)) {
    await own.openSweepFile(app, file)
    return undefined
  }
  const stored = await ownDocument(file)
  if (stored === undefined) {
    const { openConfig, readConfig } = await import('../architectures/config-file')
    const config = await readConfig(file)
    if (config) return openConfig(app, file.name, config)
    const sweeps = await import('../sweeps/open-sweep')
    if (await sweeps.isSweepTableFile(file)) return sweeps.openSweepTable(app, file)
    const { openRoutingFile } = await import('../routing/routing-file')
    return openRoutingFile(app, file)
  }
  if (formatOf(stored)?.startsWith('moescope.run/')) {
    const { openRun } = await import('../compare/run-file')
    const remark = openRun(app, await textOf(file))
    return `${file.name} is open, as it was recorded: Run again shows it step by step. ${remark}`.trimEnd()
  }
  const { openState } = await import('../state/state-file')
  const remark = await openState(app, stored)
  return `${file.name} is open: this is what was chosen. ${remark ?? ''}`.trimEnd()
}

/** Most bytes of the app's own documents, stories among them. */
const maxBytes = 64 * 1024 * 1024

async function isStory(file: OpenedFile): Promise<boolean> {
  return file.size <= maxBytes && /^\s*\{\s*"format"\s*:\s*"moescope\.story\//.test(await headOf(file))
}

async function headOf(file: OpenedFile): Promise<string> {
  return new TextDecoder().decode(await file.bytes(0, Math.min(file.size, 4096)))
}

/** The value of a document that the app wrote itself; undefined for another file. */
async function ownDocument(file: OpenedFile): Promise<unknown> {
  if (file.size > maxBytes) return undefined
  const head = await headOf(file)
  if (!head.trimStart().startsWith('{') || !/"format"\s*:\s*"moescope\.(run|state|settings)/.test(head))
    return undefined
  return parseJson(await textOf(file), 'it')
}

function formatOf(stored: unknown): string | undefined {
  return typeof stored === 'object' && stored !== null && 'format' in stored && typeof stored.format === 'string'
    ? stored.format
    : undefined
}
