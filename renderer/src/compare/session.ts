/** The run of two models: runs the engine for the choices, and the state up to date. */

import type { GenerationSettings } from '@core/generate/records'
import type { StoreApi } from 'zustand/vanilla'
import { failureOf, missingWebAssembly } from '../engine/failures'
import { createEngineKeeper } from '../engine/keeper'
import type { Advance, AdvanceBudget } from '../engine/protocol'
import type { RunStatus } from '../engine/state'
import type { Host } from '../host/host'
import type { AppState } from '../state/app-state'
import type { Choices } from '../state/choices'
import { readModels } from '../state/library'
import type { Session } from './state'
import { type Contestant, noSteps, waiting } from './state'

/** A frame lasts 16 ms: what is computed for it must end before. */
const frameMilliseconds = 12

/** @param quiet has everything else stand still until what it gives is called: a speed is measured */
export function createSession(host: Host, store: StoreApi<AppState>, quiet: () => Promise<() => void>): Session {
  const keeper = createEngineKeeper(fail)
  /** A run that has begun in the engine; another object for every run, so that late answers can be told apart. */
  let current: object | undefined
  /** The goal of a text that is written anew, until it is reached: a change in its midst still wants it. */
  let anew: { readonly shown: number | undefined; readonly running: boolean } | undefined
  /** Sides that run with all experts as well, because some of theirs are off. */
  let doubled: readonly number[] = []
  /** Aborted when the run is to stop going on by itself. */
  let playback = new AbortController()
  /** Aborted when the models are wanted for a run. */
  let exam = new AbortController()
  /** Calls to the engine, one after the other. */
  let queue: Promise<void> = Promise.resolve()

  const state = () => store.getState()
  const patch = (changes: Partial<AppState>) => store.setState(changes)
  const choose = (changes: Partial<Choices>) => patch({ choices: { ...state().choices, ...changes } })
  const generated = () => generatedTokens(state().contestants[1])
  const allows = (...statuses: RunStatus[]) => statuses.includes(state().status)

  function enqueue(work: () => Promise<void>): Promise<void> {
    queue = queue.then(work).catch(fail)
    return queue
  }

  /** Keeps the text on the screen; a fresh engine generates it again. */
  function fail(error: unknown): void {
    if (allows('failed')) return
    stop()
    current = undefined
    keeper.end()
    patch({ status: 'failed', failure: failureOf(error), engine: undefined })
    choose({ shown: generated() })
  }

  /** Ends what goes on by itself. */
  function stop(): void {
    anew = undefined
    playback.abort()
    exam.abort()
  }

  async function load(): Promise<void> {
    const failure = missingWebAssembly()
    if (failure) return patch({ status: 'failed', failure })
    patch({ status: 'loading', loading: 'Starting the engine', failure: undefined })
    const { left, right } = state().choices
    const { backend, threads } = state().settings
    // The files come while the engine starts.
    const sources = readModels(host, [left, right])
    sources.catch(() => undefined)
    patch({ engine: (await keeper.start({ backend, threads })).facts, loading: 'Loading the models' })
    await keeper.load(await sources)
    patch({ status: 'ready', loading: '' })
    const { shown } = state().choices
    if (shown > 0) await quietly(() => play(() => shown, playback.signal))
    else await warmUp(playback.signal)
  }

  /** Until the models are warm, or someone wants to run them. */
  async function warmUp(signal: AbortSignal): Promise<void> {
    const wanted = () => signal.aborted || state().awaited
    let cold: boolean | undefined = true
    while (cold && !wanted()) cold = await keeper.engine?.api.warmUp(frameMilliseconds)
  }

  /** Computes while nothing else does. */
  async function quietly(work: () => Promise<void>): Promise<void> {
    const end = await quiet()
    try {
      await work()
    } finally {
      end()
    }
  }

  /** Computes until `due` tokens are generated, asking anew before every frame, or until someone pauses. */
  async function play(due: () => number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const run = await begin()
    const { tokens } = state().choices
    let finished = false
    while (!signal.aborted && !finished && generated() < tokens) {
      const missing = Math.floor(Math.min(due(), tokens) - generated())
      const opening = state().contestants[1].steps.length === 0
      if (missing < 1 && !opening) {
        if (generated() >= due()) break
        await nextFrame()
      } else finished = await advance({ milliseconds: frameMilliseconds, rounds: missing + (opening ? 1 : 0) })
    }
    if (run === current) settle(finished)
  }

  async function begin(): Promise<object> {
    const { engine } = keeper
    if (!engine) throw new Error('the engine is not running')
    if (current) return current
    const run = {}
    current = run
    const { replay, choices } = state()
    const sides = [0, 1]
    if (replay) {
      doubled = sides.filter((side) => replay.models[side]?.whole_steps)
      await engine.api.beginReplay(replay)
    } else {
      const { masksOfSides } = await import('./exam')
      const masks = masksOfSides(state())
      doubled = sides.filter((side) => (masks[side]?.length ?? 0) > 0)
      await engine.api.begin(settingsOf(choices), masks)
    }
    return run
  }

  async function advance(budget: AdvanceBudget): Promise<boolean> {
    const { engine } = keeper
    if (!engine) throw new Error('the engine is not running')
    const run = current
    // The engine computes while the screen draws what came before.
    const [result] = await Promise.all([engine.api.advance(budget), nextFrame()])
    if (run === current) patch(extended(state(), result, doubled))
    return result.finished
  }

  /** Asks and measures what is missing, in parts between which a run can begin. */
  async function examineMissing(signal: AbortSignal): Promise<void> {
    const { examineNext } = await import('./examine')
    const { engine } = keeper
    if (!engine) return
    try {
      while (!signal.aborted) {
        const found = await examineNext(engine.api, state())
        if (!found) break
        patch({ ...found(state()), examining: true })
      }
    } finally {
      patch({ examining: false })
    }
  }

  function settle(finished: boolean): void {
    patch({ status: finished || generated() >= state().choices.tokens ? 'finished' : 'paused' })
    choose({ shown: generated() })
  }

  const session: Session = {
    wake: () => (allows('resting') ? session.prepare() : queue),
    prepare: () => {
      stop()
      playback = new AbortController()
      current = undefined
      patch({ ...noSteps, pointed: null })
      if (allows('resting')) patch({ status: 'loading' })
      return enqueue(load).then(session.examine)
    },
    run: async () => {
      if (allows('finished')) session.reset()
      if (allows('resting')) void session.prepare()
      // A click that comes early counts: it runs once the models are there.
      if (allows('loading')) {
        patch({ awaited: true })
        await queue
        patch({ awaited: false })
      }
      if (!allows('ready', 'paused')) return
      patch({ status: 'running' })
      stop()
      playback = new AbortController()
      const { signal } = playback
      await enqueue(() =>
        quietly(() =>
          play(
            paced(() => state().choices.pace, generated),
            signal
          )
        )
      )
      await session.examine()
    },
    pause: () => {
      if (!allows('running')) return
      playback.abort()
      patch({ status: 'paused' })
    },
    step: async () => {
      if (!allows('ready', 'paused')) return
      stop()
      await enqueue(() =>
        quietly(async () => {
          const run = await begin()
          const finished = await advance({ milliseconds: 0, rounds: 1 })
          if (run === current) settle(finished)
        })
      )
      await session.examine()
    },
    reset: () => {
      if (!allows('running', 'paused', 'finished', 'ready')) return
      anew = undefined
      playback.abort()
      current = undefined
      patch({ status: 'ready', ...noSteps, pointed: null })
      choose({ shown: 0, selected: null })
    },
    rerun: async () => {
      if (!allows('running', 'paused', 'finished', 'ready')) return
      const opened = state().contestants[1].steps.length > 0
      const wanted = anew ?? { shown: opened ? generated() : undefined, running: allows('running') }
      const { shown, running } = wanted
      stop()
      anew = wanted
      playback = new AbortController()
      const { signal } = playback
      current = undefined
      patch({ ...noSteps, status: 'ready' })
      if (shown !== undefined) await enqueue(() => quietly(() => play(() => shown, signal)))
      if (signal.aborted) return
      anew = undefined
      await (running ? session.run() : session.examine())
    },
    examine: async () => {
      exam.abort()
      if (!allows('ready', 'paused', 'finished')) return
      exam = new AbortController()
      const { signal } = exam
      await enqueue(async () => {
        if (!signal.aborted) await quietly(() => examineMissing(signal))
      })
    },
    stopScore: () => {
      patch({ scoreStopped: true })
      exam.abort()
    },
    resumeScore: async () => {
      patch({ scoreStopped: false })
      await session.examine()
    },
    restart: async () => {
      keeper.end()
      await session.prepare()
    }
  }
  return session
}

/** Tokens due by now at a pace that may change on the way; pace 0 has no limit. */
function paced(pace: () => number, generated: () => number): () => number {
  let chosen = pace()
  let from = { time: performance.now(), tokens: generated() }
  return () => {
    if (pace() !== chosen) {
      chosen = pace()
      from = { time: performance.now(), tokens: generated() }
    }
    if (chosen === 0) return Number.POSITIVE_INFINITY
    // Never whole: a run ends by its length, and not because it kept pace.
    return Math.floor(from.tokens + ((performance.now() - from.time) / 1000) * chosen) + 0.5
  }
}

/** Tokens that a model has generated and read. */
export function generatedTokens({ steps }: Pick<Contestant, 'steps'>): number {
  const first = steps.findIndex((each) => each.source === 'generated')
  return first < 0 ? 0 : steps.length - first
}

function settingsOf({ prompt, tokens, seed, temperature, topP }: Choices): GenerationSettings {
  return { prompt, tokens, seed, temperature, topP }
}

/** @param doubled sides whose models also run with all experts, after the two */
function extended(
  { contestants, wholes }: AppState,
  result: Advance,
  doubled: readonly number[]
): Pick<AppState, 'contestants' | 'wholes'> {
  const extend = (contestant: Contestant, index: number): Contestant => {
    const added = result.turns.filter((each) => each.contestant === index).flatMap(({ records }) => records)
    return {
      steps: added.length === 0 ? contestant.steps : [...contestant.steps, ...added],
      speed: result.speeds[index],
      prefillTokensPerSecond: result.prefillTokensPerSecond[index]
    }
  }
  const whole = (side: 0 | 1) =>
    doubled.includes(side) ? extend(wholes[side] ?? waiting, 2 + doubled.indexOf(side)) : undefined
  return { contestants: [extend(contestants[0], 0), extend(contestants[1], 1)], wholes: [whole(0), whole(1)] }
}

function nextFrame(): Promise<unknown> {
  return new Promise((drawn) => requestAnimationFrame(drawn))
}
