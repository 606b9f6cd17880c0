/** The engine: ONNX Runtime and the race, away from the screen's thread. */

import type { Decoder } from '@core/generate/decoder'
import { createDecoder } from '@core/generate/decoder'
import type { Race } from '@core/generate/race'
import { createRace } from '@core/generate/race'
import { replayRace } from '@core/generate/run-record'
import { warmUp } from '@core/generate/warm-up'
import { input } from '@core/graph/expression'
import { add } from '@core/graph/operators'
import type { Mask } from '@core/model/intervention'
import { openModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import type { Examiner } from './examiner'
import type { Advance, EngineApi } from './protocol'
import { startBackend } from './start-backend'

let backend: Backend | undefined
let contestants: readonly Decoder[] = []
let race: Race | undefined
/** Contestants of the race. */
let racing = 0
/** Milliseconds of computing until the contestants are warm. */
let warmUpLeft = 0
const decoders = new Map<string, Decoder>()
/** The same models with experts that can be switched off; made when they are. */
const maskedDecoders = new Map<string, Decoder>()
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
    const wanted = new Set(models.map(({ id }) => id))
    for (const [id, decoder] of decoders) {
      if (wanted.has(id)) continue
      decoders.delete(id)
      await decoder.release()
      await maskedDecoders.get(id)?.release()
      maskedDecoders.delete(id)
      await (await examiner)?.release(id)
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
  begin: async (settings, masks) => {
    const racers: Decoder[] = []
    for (const [i, contestant] of contestants.entries()) racers.push(await maskedDecoder(contestant, masks[i] ?? []))
    const wholes = contestants.filter((_, i) => (masks[i] ?? []).length > 0)
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
  examiner ??= import('./examiner').then(({ createExaminer }) => createExaminer(started, (id) => decoderOf(id).model))
  return examiner
}

function decoderOf(id: string): Decoder {
  const decoder = decoders.get(id)
  if (!decoder) throw new Error(`the engine was asked for '${id}' before it was loaded`)
  return decoder
}

/** The decoder with these experts off; itself with none. */
async function maskedDecoder(decoder: Decoder, masks: readonly Mask[]): Promise<Decoder> {
  if (masks.length === 0) return decoder
  const { model } = decoder
  const masked = maskedDecoders.get(model.id) ?? (await createDecoder(started(), model, { masked: true }))
  maskedDecoders.set(model.id, masked)
  masked.mask(masks)
  return masked
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
