/** The engine: ONNX Runtime and the race, away from the screen's thread. */

import type { Race } from '@core/generate/race'
import { createRace } from '@core/generate/race'
import { replayRace } from '@core/generate/run-record'
import { warmUp } from '@core/generate/warm-up'
import { input } from '@core/graph/expression'
import { add } from '@core/graph/operators'
import type { Backend } from '@core/runtime/backend'
import { createContestants } from './contestants'
import type { Examiner } from './examiner'
import type { Advance, EngineApi } from './protocol'
import { startBackend } from './start-backend'

let backend: Backend | undefined
let race: Race | undefined
/** Contestants of the race. */
let racing = 0
/** Milliseconds of computing until the contestants are warm. */
let warmUpLeft = 0
const contestants = createContestants(started)
/** Imported when something is asked: nobody waits for it who wants to see the models write. */
let examiner: Promise<Examiner> | undefined

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
    for (const id of await contestants.load(models)) await (await examiner)?.release(id)
    warmUpLeft = warmUpMilliseconds
  },
  warmUp: async (milliseconds) => {
    if (warmUpLeft <= 0) return false
    const begun = performance.now()
    await warmUp(contestants.decoders, begun + milliseconds)
    warmUpLeft -= performance.now() - begun
    return warmUpLeft > 0
  },
  begin: async (settings, masks) => {
    const racers = []
    for (const side of contestants.decoders.keys()) racers.push(await contestants.without(side, masks[side] ?? []))
    const wholes = contestants.decoders.filter((_, i) => (masks[i] ?? []).length > 0)
    race = createRace([...racers, ...wholes], settings)
    racing = racers.length + wholes.length
  },
  beginReplay: async (record) => {
    race = replayRace(record)
    racing = race.speeds.length
  },
  drawQuestions: async (request) => (await examine()).drawQuestions(request),
  answer: async (request) => (await examine()).answer(request),
  measureLoss: async (request) => (await examine()).measureLoss(request),
  advance: async ({ milliseconds, rounds }) => {
    if (!race) throw new Error('the engine was asked to go on before a run was begun')
    return advance(race, milliseconds, rounds)
  }
}

function examine(): Promise<Examiner> {
  examiner ??= import('./examiner').then(({ createExaminer }) => createExaminer(started, modelOf))
  return examiner
}

function modelOf(id: string) {
  const decoder = contestants.decoders.find(({ model }) => model.id === id)
  if (!decoder) throw new Error(`the engine was asked for '${id}' before it was loaded`)
  return decoder.model
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
    for (let i = 0; i < racing && !finished; i++) {
      const turn = await race.turn()
      if (turn) turns.push(turn)
      else finished = true
    }
    if (performance.now() >= end) break
  }
  return { turns, finished, speeds: race.speeds, prefillTokensPerSecond: race.prefillTokensPerSecond }
}
