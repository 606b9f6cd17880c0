/** Own models under another name. */
import { runRecordSchema } from '@core/lab/run'
import { stemOf } from '@core/lab/run-id'
import { recordName } from '@core/lab/store'
import type { App } from '../state/app'
import { refreshOwnModels } from './own-models'

/** The id of a model of this name: its letters and digits, in lower case. Throws a `RangeError` for one without any. */
export function modelId(name: string): string {
  const id = stemOf(name)
  if (id === '') throw new RangeError('a name needs a letter from a to z or a digit')
  return id
}

/**
 * Copies a model with all that its training has saved; the copy can do whatever the first one can.
 *
 * @returns its id
 * @throws {RangeError} for a name that cannot be, or that another model has
 */
export async function duplicateModel(app: App, id: string, name: string): Promise<string> {
  const { host, lab, store } = app
  const copy = modelId(name)
  const isTaken = store.getState().library?.models.some((model) => model.id === copy)
  if (isTaken || (await host.models.files(copy).names()).length > 0) {
    throw new RangeError(`there is another ${copy} already: choose another name`)
  }
  const [from, to] = [host.models.files(id), host.models.files(copy)]
  // The record comes last: with it the copy is whole.
  const names = (await from.names()).toSorted((a, b) => Number(a === recordName) - Number(b === recordName))
  for (const file of names) {
    const content = await from.read(file)
    if (content) await to.write(file, file === recordName ? recordOfCopy(content, copy) : content)
  }
  await lab.queue.open()
  await refreshOwnModels({ host, store })
  return copy
}

/** Gives a model another name. Undo brings back the one with the former name, beside it. */
export async function renameModel(app: App, id: string, name: string): Promise<void> {
  if (modelId(name) === id) return
  const renamed = await duplicateModel(app, id, name)
  await app.remove(id)
  const { left, right } = app.store.getState().choices
  const follow = (model: string) => (model === id ? renamed : model)
  if (left === id || right === id) app.choose({ left: follow(left), right: follow(right) })
  app.notify(`${renamed} is the new name of ${id}. Undo brings ${id} back beside it.`)
}

function recordOfCopy(record: Uint8Array, id: string): Uint8Array {
  const read = runRecordSchema.parse(JSON.parse(new TextDecoder().decode(record)))
  return new TextEncoder().encode(JSON.stringify({ ...read, id }))
}
