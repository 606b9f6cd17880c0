/** One run: a worker of its own, so that runs end one by one and models can be looked at meanwhile. */
import { convertEarlierCheckpoints } from '@core/lab/earlier-checkpoints'
import { createExecutor, type Executor } from '@core/lab/execute'
import { kinds } from '@core/lab/kinds'
import { openReferenced } from '@core/lab/open-referenced'
import type { Execution } from '@core/lab/queue'
import { onnxFile } from '@core/model/onnx-file'
import { openModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import { transfer } from 'comlink'
import { type Bulletin, createBulletin } from './bulletin'
import type { EngineOptions } from './protocol'
import { releaseCallback, withCallback } from './remote-callback'
import type { RunAccess, RunApi, RunOptions } from './run-protocol'
import { startBackend } from './start-backend'

type StartBackend = (options: EngineOptions) => Promise<{ readonly backend: Backend }>

/** The functions that the page lends while the run is computed. */
interface PageFunctions {
  readonly access: RunAccess
  readonly news: Bulletin
}

/**
 * Answers for one run.
 *
 * @param millisecondsBetweenNews as often as one can look; at 0 the page hears of every step by itself
 */
export function createRunApi(start: StartBackend = startBackend, millisecondsBetweenNews = 250): RunApi {
  let page: PageFunctions
  let bulletin: Bulletin | undefined
  let executor: Executor | undefined
  let execution: Execution | undefined
  return {
    compute: (run, options, access, onNews) =>
      withCallback(onNews, async (onNews) => {
        const news = createBulletin(onNews, millisecondsBetweenNews)
        bulletin = news
        page = { access, news }
        // It outlives one computing: it holds what could not be written.
        executor ??= executorOf(options, start, () => page)
        execution = executor.execute(run, (done, detail) => news.add({ kind: 'progress', done, detail }))
        await execution.ended.finally(() => {
          news.send()
          releaseCallback(access)
        })
      }),
    convertCheckpoints: (training) => convertEarlierCheckpoints(training).finally(() => releaseCallback(training)),
    onnxFile: async (id, files) => {
      const bytes = new Uint8Array(onnxFile(await openModel(id, files)))
      return transfer(bytes, [bytes.buffer])
    },
    pause: async () => {
      await execution?.pause()
      bulletin?.send()
    },
    resume: async () => execution?.resume(),
    step: async () => {
      await execution?.step()
      bulletin?.send()
    },
    cancel: async () => execution?.cancel()
  }
}

function executorOf({ engine, origin }: RunOptions, start: StartBackend, page: () => PageFunctions): Executor {
  return createExecutor({
    kinds,
    store: {
      files: () => ({
        names: () => page().access.names(),
        read: (name) => page().access.read(name),
        write: (name, content) => {
          // Handed over, not copied once more: what a run writes it may still compute with.
          const bytes = new Uint8Array(content)
          return page().access.write(name, transfer(bytes, [bytes.buffer]))
        },
        remove: (name) => page().access.remove(name)
      })
    },
    backend: async () => (await start(engine)).backend,
    openModel: async (model) => openReferenced(model, await page().access.readModel(model.id)),
    origin,
    watched: true,
    onEvent: (_, event) => page().news.add({ kind: 'event', event })
  })
}
