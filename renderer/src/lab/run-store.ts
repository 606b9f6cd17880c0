import { runForms } from '@core/lab/kinds/forms'
import { runRecordSchema } from '@core/lab/run'
import { type RunFiles, type RunStore, recordName } from '@core/lab/store'
import type { Folders, Host } from '../host/host'

/**
 * All runs as one store. The files of a run that leaves a model lie among the models, where the user wants these,
 * and those of every other run in the app's own folder.
 */
export function createRunStore({ models, runs, hold }: Pick<Host, 'models' | 'runs' | 'hold'>): RunStore {
  /** Places of the runs that were met before. */
  const places = new Map<string, Folders>()

  async function placeOf(id: string): Promise<Folders> {
    const known = places.get(id)
    if (known) return known
    if ((await models.files(id).names()).length === 0) return runs
    places.set(id, models)
    return models
  }

  const filesOf = async (id: string): Promise<RunFiles> => (await placeOf(id)).files(id)
  return {
    ids: async () => [...(await models.ids()), ...(await runs.ids())],
    files: (id) => ({
      names: async () => (await filesOf(id)).names(),
      read: async (name) => (await filesOf(id)).read(name),
      write: async (name, content) => {
        // The record is the first file of a run.
        if (name === recordName) places.set(id, leavesModel(content) ? models : runs)
        await (await filesOf(id)).write(name, content)
      },
      remove: async (name) => (await filesOf(id)).remove(name)
    }),
    remove: async (id) => {
      await (await placeOf(id)).remove(id)
      places.delete(id)
    },
    hold
  }
}

/** True of the record of a run whose result is a model. */
function leavesModel(record: Uint8Array): boolean {
  const { kind } = runRecordSchema.parse(JSON.parse(new TextDecoder().decode(record)))
  return runForms.some((form) => form.kind === kind && form.leavesModel)
}
