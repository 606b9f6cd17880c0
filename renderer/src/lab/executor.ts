/** Runs compute in workers, one for each, and reach their files through the page. */
import type { Execute } from '@core/lab/queue'
import type { RunRecord } from '@core/lab/run'
import type { RunFiles } from '@core/lab/store'
import { proxy, transfer } from 'comlink'
import type { Client } from '../engine/client'
import type { EngineOptions } from '../engine/protocol'
import type { RunAccess, RunApi, RunNews } from '../engine/run-protocol'

export interface WorkersOptions {
  /** Starts a worker for one run. */
  readonly start: () => Client<RunApi>
  readonly files: (id: string) => RunFiles
  readonly readModel: RunAccess['readModel']
  /** Backend and threads for a run that begins now. */
  readonly engineFor: (run: RunRecord) => EngineOptions
  readonly versions: () => Promise<Readonly<Record<string, string>>>
  /** Hears what a run tells whoever looks on. */
  readonly onEvent: (run: RunRecord, event: unknown) => void
}

export interface Workers {
  readonly execute: Execute
  /** True while a worker holds results that found no room: they are lost with this page. */
  readonly holdsUnwritten: () => boolean
  /** Writes what an earlier version kept of a training as the folders that models are kept in now. */
  readonly convertCheckpoints: (training: string) => Promise<void>
  /** A model that is here as one `.onnx` file with its weights. */
  readonly onnxFile: (model: string) => Promise<Uint8Array<ArrayBuffer>>
}

export function createWorkers({ start, files, readModel, engineFor, versions, onEvent }: WorkersOptions): Workers {
  /** Workers whose run could not write its result. */
  const holding = new Map<string, Client<RunApi>>()
  const origin = versions().then((found) => ({ machine: navigator.userAgent, versions: found }))
  origin.catch(() => undefined)

  /** One call of a worker of its own. */
  async function inWorker<T>(call: (api: Client<RunApi>['api']) => Promise<T>): Promise<T> {
    const worker = start()
    try {
      return await call(worker.api)
    } finally {
      worker.end()
    }
  }

  return {
    holdsUnwritten: () => holding.size > 0,
    convertCheckpoints: (training) =>
      inWorker((api) => api.convertCheckpoints(proxy(accessTo(files(training), readModel)))),
    onnxFile: async (model) => {
      const files = await readModel(model)
      return inWorker((api) => api.onnxFile(model, files))
    },
    execute: (run, progress) => {
      const { id, kind, spec } = run
      const worker = holding.get(id) ?? start()
      holding.delete(id)
      const onNews = (all: readonly RunNews[]) => {
        for (const news of all) {
          if (news.kind === 'progress') progress(news.done, news.detail)
          else onEvent(run, news.event)
        }
      }
      // Calls follow each other to the worker: what ends a run may come before it has begun.
      const begun = origin.then((origin) => {
        const options = { engine: engineFor(run), origin }
        return {
          ended: worker.api.compute({ id, kind, spec }, options, proxy(accessTo(files(id), readModel)), proxy(onNews))
        }
      })
      const compute = async () => {
        try {
          await (await begun).ended
          worker.end()
        } catch (error) {
          if (error instanceof Error && error.name === 'UnwrittenError') holding.set(id, worker)
          else worker.end()
          throw error
        }
      }
      // A worker that is gone stands still, too, and why it is gone is told by `ended`.
      const call = (act: (api: RunApi) => Promise<void>) => begun.then(() => act(worker.api)).catch(() => undefined)
      return {
        ended: compute(),
        pause: () => call((api) => api.pause()),
        resume: () => void call((api) => api.resume()),
        step: () => call((api) => api.step()),
        cancel: () => void call((api) => api.cancel())
      }
    }
  }
}

function accessTo(files: RunFiles, readModel: RunAccess['readModel']): RunAccess {
  return {
    names: () => files.names(),
    read: async (name) => {
      const content = await files.read(name)
      return content && transfer(content, [content.buffer])
    },
    write: (name, content) => files.write(name, content),
    remove: (name) => files.remove(name),
    readModel
  }
}
