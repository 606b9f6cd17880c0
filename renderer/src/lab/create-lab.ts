/** The queue of runs in the page, and the state kept up to date with it. */
import { earlierCheckpointsName } from '@core/lab/checkpoints'
import { compressSpeedForm } from '@core/lab/kinds/compress-speed'
import { runForms } from '@core/lab/kinds/forms'
import { probeMachineForm } from '@core/lab/kinds/probe-machine'
import { type SpeedAgainstSizeSpec, speedAgainstSizeForm } from '@core/lab/kinds/speed-against-size'
import { trainForm } from '@core/lab/kinds/train'
import { createQueue } from '@core/lab/queue'
import { isResumable, isUnderWay, type RunRecord } from '@core/lab/run'
import type { NamedContent, RunFiles } from '@core/lab/store'
import { messageOf } from '@core/reason'
import type { StoreApi } from 'zustand/vanilla'
import { type Client, startWorker } from '../engine/client'
import type { EngineOptions } from '../engine/protocol'
import type { RunApi } from '../engine/run-protocol'
import type { Host } from '../host/host'
import type { AppState } from '../state/app-state'
import { createWorkers } from './executor'
import { checkpointsOf, readModel } from './models'
import { refreshOwnModels, refreshTrainings } from './own-models'
import { nextPaces } from './pace'
import { createResults } from './results'
import { createRunStore } from './run-store'
import type { Lab } from './state'

/** Browsers count hyper-threads. Two at least: a recording need not wait for hours beside a long training. */
const coresOf = (processors = 2) => Math.max(2, Math.floor(processors / 2))

/** Kinds that say in their specs which engine they measure. */
const measuringKinds: readonly string[] = [speedAgainstSizeForm.kind, probeMachineForm.kind, compressSpeedForm.kind]

/** Starts the worker of one run. */
export type StartRun = () => Client<RunApi>

export const startRunWorker: StartRun = () => startWorker('run')

/** Creates the lab of an app whose state is in `store`. */
export function createLab(host: Host, store: StoreApi<AppState>, start: StartRun): Lab {
  const runs = createRunStore(host)
  const results = createResults(host, store, runs)
  const workers = createWorkers({
    start,
    files: runs.files,
    readModel: (id) => readModel(host, id),
    engineFor: ({ kind, spec }) => {
      if (measuringKinds.includes(kind)) return (spec as Pick<SpeedAgainstSizeSpec, 'on'>).on as EngineOptions
      const { backend, threads } = store.getState().settings
      if (kind !== trainForm.kind) return { backend, threads }
      // On a GPU a train step waits for more transfers than it saves; cores are shared by trainings, not by their graphs.
      return { backend: 'wasm', threads: threads || 1 }
    },
    versions: () => host.versions(),
    onEvent: results.hear
  })
  const cores = coresOf(globalThis.navigator?.hardwareConcurrency)
  const queue = createQueue({
    kinds: runForms,
    store: runs,
    execute: workers.execute,
    cores
  })

  const warn = (error: unknown) =>
    store.setState(({ warnings }) => ({ warnings: [...warnings, `Earlier runs cannot be read: ${messageOf(error)}.`] }))

  queue.subscribe(() => {
    const { records } = queue
    const { runs: before, paces, listedRuns } = store.getState()
    const fresh = records.filter((run) => isUnderWay(run) && !listedRuns.includes(run.id)).map(({ id }) => id)
    const unwritten = workers.holdsUnwritten()
    store.setState(({ ending }) => ({
      runs: records,
      unwritten,
      paces: nextPaces(paces, records, Date.now()),
      listedRuns: [...listedRuns, ...fresh],
      ending: ending.filter((id) => records.some((run) => run.id === id && isUnderWay(run)))
    }))
    for (const run of records) {
      const earlier = before.find(({ id }) => id === run.id)
      if (earlier && isUnderWay(earlier) && !isUnderWay(run)) results.end(run)
    }
  })

  const keepsListed = (run: RunRecord) => isUnderWay(run) || (isResumable(run) && run.status !== 'cancelled')
  return {
    queue,
    cores,
    files: runs.files,
    keptCheckpoints: async (training) => {
      const names = await runs.files(training).names()
      if (names.includes(earlierCheckpointsName)) await workers.convertCheckpoints(training)
      return checkpointsOf(host, training)
    },
    onnxFile: workers.onnxFile,
    open: async () => {
      const known = new Set(queue.records.map(({ id }) => id))
      await Promise.all([queue.open(), refreshTrainings({ host, store })]).catch(warn)
      const interrupted = queue.records.filter(({ status }) => status === 'interrupted').map(({ id }) => id)
      store.setState(({ listedRuns, offered }) => ({
        listedRuns: [...new Set([...interrupted, ...listedRuns])],
        // A run that the user has seen to is not offered again.
        offered: interrupted.filter((id) => !known.has(id) || offered.includes(id))
      }))
      await results.open(queue.records).catch(warn)
    },
    cancel: (id) => {
      store.setState(({ ending }) => ({ ending: [...ending, id] }))
      queue.cancel(id)
    },
    remove: async (id) => {
      const place = (await host.models.ids()).includes(id) ? 'models' : 'runs'
      const files = await contentsOf(host[place].files(id))
      await queue.remove(id)
      await results.forget(id)
      // Its model was perhaps the reason.
      store.setState({ refusals: [] })
      return { id, place, files }
    },
    restore: async ({ id, place, files }) => {
      const folder = host[place].files(id)
      if ((await folder.names()).length > 0) throw new Error(`there is another ${id} by now: remove that one first`)
      for (const { name, content } of files) await folder.write(name, content)
      await queue.open()
      await refreshOwnModels({ host, store })
    },
    dismiss: (id) =>
      store.setState(({ listedRuns, offered }) => ({
        listedRuns: listedRuns.filter((each) => each !== id),
        offered: offered.filter((each) => each !== id)
      })),
    tidy: () =>
      store.setState(({ runs, listedRuns }) => {
        const kept = new Set(runs.filter(keepsListed).map(({ id }) => id))
        return { listedRuns: listedRuns.filter((id) => kept.has(id)) }
      })
  }
}

async function contentsOf(files: RunFiles): Promise<NamedContent[]> {
  const read = (await files.names()).map(async (name) => ({ name, content: await files.read(name) }))
  return (await Promise.all(read)).flatMap(({ name, content }) => (content ? [{ name, content }] : []))
}
