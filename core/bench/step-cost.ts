import type { Architecture } from '../arch/architecture'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import type { Turn } from '../give-way'
import { giveWay } from '../give-way'
import { branchedExperts } from '../model/experts/branched'
import type { ExpertDispatch } from '../model/experts/dispatch'
import { gatheredExperts } from '../model/experts/gathered'
import type { Backend } from '../runtime/backend'
import { processorOf } from '../runtime/backend'
import type { StepCost } from './experts-cost'
import type { Task } from './measure'
import { type MachineLimits, probeMachine } from './probe'
import { decodeTask } from './shapes'

/** Limits of a machine, and the fixed cost of a step on it. */
export interface MeasuredMachine extends MachineLimits {
  readonly stepCost: StepCost
}

/**
 * Measures limits and the fixed cost of a step; takes two or three seconds.
 * @param turn awaited between the parts of it
 */
export async function measureMachine(backend: Backend, turn: Turn = giveWay): Promise<MeasuredMachine> {
  return { ...(await probeMachine(backend, turn)), stepCost: await measureStepCost(backend, { turn }) }
}

/**
 * Measures the fixed cost with models of one layer and of four. The shortest of many steps counts: what other programs
 * take of the machine belongs to no model.
 */
export async function measureStepCost(
  backend: Backend,
  { rounds = 10, turn = giveWay }: { readonly rounds?: number; readonly turn?: Turn } = {}
): Promise<StepCost> {
  // On a GPU branches would wait for the CPU, so no model is computed so.
  const measured = processorOf(backend) === 'gpu' ? kinds.slice(0, 2) : kinds
  const tasks: Awaited<ReturnType<typeof decodeTask>>[] = []
  try {
    for (const { kind, dispatch } of measured) {
      for (const layers of [1, most]) {
        tasks.push(await decodeTask(backend, `${kind} ${layers}`, architectureOf(kind, layers), { dispatch }))
      }
    }
    const shortest = await shortestOf(tasks, rounds, turn)
    const msOf = (kind: Kind, layers: number) => shortest.get(`${kind} ${layers}`) ?? Number.NaN
    // On a busy machine four layers may have had a better moment than one.
    const layerMs = (kind: Kind) => Math.max(0, (msOf(kind, most) - msOf(kind, 1)) / (most - 1))
    return {
      stepMs: Math.max(0, msOf('dense', 1) - layerMs('dense')),
      denseLayerMs: layerMs('dense'),
      gatheredLayerMs: layerMs('gathered'),
      branchedLayerMs: layerMs(measured.length < kinds.length ? 'gathered' : 'branched')
    }
  } finally {
    await Promise.all(tasks.map(({ session }) => session.release()))
  }
}

/** Milliseconds of the shortest run of each task; they take turns, several runs each, as a model that writes does. */
async function shortestOf(tasks: readonly Task[], rounds: number, turn: Turn): Promise<Map<string, number>> {
  const shortest = new Map<string, number>()
  for (let round = 0; round < rounds; round++) {
    await turn()
    for (const task of tasks) {
      for (let i = 0; i < runsInTurn; i++) {
        const begun = performance.now()
        await task.run()
        const ms = performance.now() - begun
        shortest.set(task.name, Math.min(ms, shortest.get(task.name) ?? ms))
      }
    }
  }
  return shortest
}

const runsInTurn = 12

type Kind = 'dense' | 'gathered' | 'branched'

const most = 4

const kinds: readonly { readonly kind: Kind; readonly dispatch?: ExpertDispatch }[] = [
  { kind: 'dense' },
  { kind: 'gathered', dispatch: gatheredExperts },
  { kind: 'branched', dispatch: branchedExperts }
]

/** A width of 8 and as little of everything else, with as many experts as the shipped models have. */
function architectureOf(kind: Kind, layers: number): Architecture {
  const common = { width: 8, vocabularySize: 64, layers }
  return kind === 'dense'
    ? denseArchitecture({ ...common, feedForwardWidth: 8 })
    : moeArchitecture({ ...common, experts: 16, topK: 2, expertWidth: 8 })
}
