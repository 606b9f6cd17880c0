/** The questions of the examples to the app's page and to the desktop. Their tests import nothing else of them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createMemoryHost, type MemoryHost } from '../../renderer/src/host/memory'
import { defaultTraining, type TrainingChoices } from '../../renderer/src/lab/choices'

export { replayRace } from '@core/generate/run-record'
export { createRecentFiles } from '../../electron/files/recent-files'
export { createDocuments } from '../../electron/storage/documents'
export { keepIn } from '../../electron/storage/kept'
export { createModelsFolder } from '../../electron/storage/models-folder'
export { createTurns } from '../../electron/storage/turns'
export { createWindowState } from '../../electron/windows/window-state'
export { temporaryFolder } from '../../node/temporary-folder.fixture'
export { createApp } from '../../renderer/src/app/create-app'
export { recordOf } from '../../renderer/src/compare/run-file'
export { createRoutingApi } from '../../renderer/src/engine/routing-api'
export { openGivenFile } from '../../renderer/src/files/open-file'
export { openedFile } from '../../renderer/src/host/host'
export type { TrainingChoices } from '../../renderer/src/lab/choices'
export { refreshTrainings } from '../../renderer/src/lab/own-models'
export { recallBeginning } from '../../renderer/src/state/beginning'
export type { Choices } from '../../renderer/src/state/choices'
export { readLibrary } from '../../renderer/src/state/library'
export { readLink, writeLink } from '../../renderer/src/state/link'
export { saveState } from '../../renderer/src/state/state-file'
export { createMemoryHost }

/** True of what Train showed before anything was chosen. */
export function isDefaultTraining(training: TrainingChoices): boolean {
  return Object.entries(training).every(([name, value]) => defaultTraining[name as keyof TrainingChoices] === value)
}

/** A host that ships some of the models of a folder. */
export async function memoryHostWith(folder: string, ids: readonly string[]): Promise<MemoryHost> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const models = ids.map((id) => ({ id, reports: [`${id}/training.json`] }))
  files.set('index.json', new TextEncoder().encode(JSON.stringify({ models })))
  for (const id of ids) {
    for (const name of ['config.json', 'tokenizer.json', 'training.json']) {
      files.set(`${id}/${name}`, new Uint8Array(await readFile(join(folder, id, name))))
    }
  }
  return createMemoryHost(files)
}
