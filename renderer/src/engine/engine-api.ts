/** The engine: ONNX Runtime and the race, away from the screen's thread. */

import { measureSpeedAgainstSize } from '@core/bench/speed-against-size'
import { measureMachine } from '@core/bench/step-cost'
import { ablate } from '@core/evaluate/ablate'
import type { Decoder } from '@core/generate/decoder'
import { createDecoder } from '@core/generate/decoder'
import type { Race } from '@core/generate/race'
import { createRace } from '@core/generate/race'
import { replayRace } from '@core/generate/run-record'
import { warmUp } from '@core/generate/warm-up'
import { turnUntil } from '@core/give-way'
import { input } from '@core/graph/expression'
import { add } from '@core/graph/operators'
import { openModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import { createOnnxRuntimeBackend } from '@core/runtime/onnx-runtime'
import { transfer } from 'comlink'
import { buffersOf } from './buffers'
import { withLent } from './lent'
import type { Advance, EngineApi, EngineFacts, EngineOptions } from './protocol'
import { recordTrace } from './record-trace'
import { importRuntime } from './runtime'

let backend: Backend | undefined
let contestants: readonly Decoder[] = []
let race: Race | undefined
/** Milliseconds that the contestants are still to compute before they are warm. */
let coldness = 0
let longWork = new AbortController()
const decoders = new Map<string, Decoder>()

/** After a second at work V8 has compiled nearly all of ONNX Runtime that these models use. */
const warmUpMilliseconds = 1000

/** What the engine's worker answers. */
export const engineApi: EngineApi = {
  start: async (options) => {
    const finding = probe(options)
    // Only a GPU has to be found before the program is chosen.
    const chosen = options.backend === 'wasm' ? 'wasm' : (await finding).backend
    const [runtime, facts] = await Promise.all([importRuntime(chosen), finding])
    backend = createOnnxRuntimeBackend(runtime, { name: facts.backend, threads: facts.threads })
    // The program is loaded with the first graph only: a small one tells now whether it can be.
    const session = await backend.load({ y: add(input('x', 'float32', [1]), 1) })
    await session.release()
    return facts
  },
  load: async (models) => {
    race = undefined
    const wanted = new Set(models.map(({ id }) => id))
    for (const [id, decoder] of decoders) {
      if (wanted.has(id)) continue
      decoders.delete(id)
      await decoder.release()
    }
    for (const { id, files } of models) {
      if (!decoders.has(id)) decoders.set(id, await createDecoder(started(), await openModel(id, files)))
    }
    contestants = models.map(({ id }) => decoders.get(id)).filter((each) => each !== undefined)
    coldness = warmUpMilliseconds
  },
  warmUp: async (milliseconds) => {
    if (coldness <= 0) return false
    const begun = performance.now()
    await warmUp(contestants, begun + milliseconds)
    coldness -= performance.now() - begun
    return coldness > 0
  },
  begin: async (settings) => {
    race = createRace(contestants, settings)
  },
  beginReplay: async (record) => {
    race = replayRace(record)
  },
  advance: async ({ milliseconds, rounds }) => {
    if (!race) throw new Error('the engine was asked to go on before a run was begun')
    return advance(race, milliseconds, rounds)
  },
  measureSpeedAgainstSize: async (widths, onPoint) => {
    await withLent(onPoint, (onPoint) =>
      measureSpeedAgainstSize(started(), { widths, turn: turnUntil(beginLongWork()), onPoint })
    )
  },
  probeMachine: () => measureMachine(started()),
  recordTrace: async (request, onProgress) => {
    const columns = await withLent(onProgress, (onProgress) =>
      recordTrace(started(), request, onProgress, beginLongWork())
    )
    return transfer(columns, buffersOf(columns))
  },
  ablate: async ({ model: { id, files }, interventions, characters, seed }, tell) =>
    withLent(tell, async (tell) => {
      const signal = beginLongWork()
      return ablate(started(), await openModel(id, files), {
        interventions,
        tokens: characters,
        seed,
        turn: turnUntil(signal),
        onProgress: (done, total) => tell({ kind: 'progress', done: done / total }),
        onPart: ({ baseline, rows }) => {
          const row = rows.at(-1)
          tell(row ? { kind: 'row', row } : { kind: 'baseline', baseline })
        }
      })
    }),
  stopLongWork: async () => longWork.abort()
}

/** Ends the long work before; gives the signal of the new one. */
function beginLongWork(): AbortSignal {
  longWork.abort()
  longWork = new AbortController()
  return longWork.signal
}

function started(): Backend {
  if (!backend) throw new Error('the engine was asked to work before it was started')
  return backend
}

async function advance(race: Race, milliseconds: number, rounds: number): Promise<Advance> {
  const end = performance.now() + milliseconds
  const turns = []
  let finished = false
  for (let round = 0; round < rounds && !finished; round++) {
    for (let i = 0; i < contestants.length && !finished; i++) {
      const turn = await race.turn()
      if (turn) turns.push(turn)
      else finished = true
    }
    if (performance.now() >= end) break
  }
  return { turns, finished, speeds: race.speeds, prefillTokensPerSecond: race.prefillTokensPerSecond }
}

async function probe({ backend, threads }: EngineOptions): Promise<EngineFacts> {
  const isolated = globalThis.crossOriginIsolated
  const cores = navigator.hardwareConcurrency
  const mostThreads = isolated ? cores : 1
  // Browsers count hyper-threads; a core stays free for the screen.
  const usual = Math.max(1, Math.floor(cores / 2) - 1)
  const webgpu = 'Suspending' in WebAssembly && Boolean(await navigator.gpu?.requestAdapter().catch(() => null))
  return {
    backend: webgpu ? backend : 'wasm',
    threads: Math.min(threads === 0 ? usual : threads, mostThreads),
    mostThreads,
    isolated,
    webgpu
  }
}
