/** Timing that is fair on a busy machine: the things compared take turns, and medians are taken. */

import { quantile } from '../generate/speed'
import type { Turn } from '../give-way'
import { giveWay } from '../give-way'
import type { Backend, HostTensor, Session } from '../runtime/backend'

/** Something that can be done again and again. */
export interface Task {
  readonly name: string
  run(): Promise<unknown>
}

/** Milliseconds of a task: median and quartiles of its repeats. */
export interface Timing {
  readonly name: string
  readonly median: number
  readonly low: number
  readonly high: number
  readonly repeats: number
}

export interface MeasureOptions {
  /** For how long all tasks together are repeated, in milliseconds; at least three times each. */
  readonly milliseconds: number
  /** Awaited before each task's turn. */
  readonly turn?: Turn
}

/** Times tasks in turns, so that whatever slows the machine down for a while slows all of them. */
export async function measureInTurns(
  tasks: readonly Task[],
  { milliseconds, turn = giveWay }: MeasureOptions
): Promise<Timing[]> {
  const times = tasks.map((): number[] => [])
  for (const task of tasks) await task.run()
  const end = performance.now() + milliseconds
  while (performance.now() < end || (times[0]?.length ?? 3) < 3) {
    for (const [i, task] of tasks.entries()) {
      await turn()
      const begun = performance.now()
      await task.run()
      times[i]?.push(performance.now() - begun)
    }
  }
  return tasks.map(({ name }, i) => {
    const sorted = (times[i] ?? []).sort((a, b) => a - b)
    return {
      name,
      median: quantile(sorted, 0.5),
      low: quantile(sorted, 0.25),
      high: quantile(sorted, 0.75),
      repeats: sorted.length
    }
  })
}

/** A graph and inputs for it, as a task; `release` frees the session. */
export async function graphTask(
  backend: Backend,
  name: string,
  outputs: Parameters<Backend['load']>[0],
  inputs: Readonly<Record<string, HostTensor>>
): Promise<Task & { readonly session: Session }> {
  const session = await backend.load(outputs)
  return { name, session, run: () => session.run(inputs) }
}
