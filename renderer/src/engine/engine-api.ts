/** The engine: ONNX Runtime and the race, away from the screen's thread. */

import type { Decoder } from '@core/generate/decoder'
import { createDecoder } from '@core/generate/decoder'
import type { Race } from '@core/generate/race'
import { createRace } from '@core/generate/race'
import { replayRace } from '@core/generate/run-record'
import { warmUp } from '@core/generate/warm-up'
import { input } from '@core/graph/expression'
import { add } from '@core/graph/operators'
import { openModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import type { Advance, EngineApi } from './protocol'
import { startBackend } from './start-backend'

let backend: Backend | undefined
let contestants: readonly Decoder[] = []
let race: Race | undefined
/** Milliseconds of computing until the contestants are warm. */
let warmUpLeft = 0
const decoders = new Map<string, Decoder>()

/** After a second of computing V8 has compiled nearly all of ONNX Runtime that these models use. */
const warmUpMilliseconds = 1000

/** The calls that the engine worker answers. */
export const engineApi: EngineApi = {
  start: async (options) => {
    const { backend: found, facts } = await startBackend(options)
    backend = found
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
    warmUpLeft = warmUpMilliseconds
  },
  warmUp: async (milliseconds) => {
    if (warmUpLeft <= 0) return false
    const begun = performance.now()
    await warmUp(contestants, begun + milliseconds)
    warmUpLeft -= performance.now() - begun
    return warmUpLeft > 0
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
  }
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
