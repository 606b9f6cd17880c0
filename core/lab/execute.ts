/** Computes runs in this thread. A face calls it where its computing belongs: in a worker, in a process of its own. */
import type { RunnableModel } from '../model/runnable-model'
import { reasonOf } from '../reason'
import type { Backend } from '../runtime/backend'
import { createGate } from './gate'
import type { AnyKind, RunContext } from './kind'
import { kindNamed, specBy } from './kind'
import type { ModelReference } from './model-reference'
import type { Execution } from './queue'
import type { RunRecord } from './run'
import type { NamedContent, RunStore } from './store'

export interface ExecutorOptions {
  readonly kinds: readonly AnyKind[]
  readonly store: Pick<RunStore, 'files'>
  /** Asked for when a run begins to compute. */
  backend(): Promise<Backend>
  readonly openModel: (model: ModelReference) => Promise<RunnableModel>
  /** As of `RunContext`; by default no model is read in parts. */
  readonly openFiled?: RunContext<never>['openFiled']
  readonly origin: RunContext<never>['origin']
  /** True where somebody looks on; see `RunContext.watched`. */
  readonly watched?: boolean
  /** Hears what a run tells whoever looks on. */
  readonly onEvent?: (id: string, event: unknown) => void
}

export interface Executor {
  /** As `Execute` of the queue. */
  execute(run: Pick<RunRecord, 'id' | 'kind' | 'spec'>, progress: (done: number, detail: string) => void): Execution
  /**
   * The files that were to be kept when a store did not take one of them; they are lost with this executor unless they
   * are written elsewhere.
   */
  unwritten(id: string): readonly NamedContent[]
}

/** Results cannot be written, and are kept in memory. The cause is the store's error. */
export class UnwrittenError extends Error {
  override readonly name = 'UnwrittenError'
}

export function createExecutor(options: ExecutorOptions): Executor {
  const { kinds, store, backend, openModel, openFiled = notInParts, origin, watched = false, onEvent } = options
  const unwritten = new Map<string, readonly NamedContent[]>()

  async function keep(id: string, files: readonly NamedContent[]): Promise<void> {
    for (const { name, content } of files) {
      try {
        await store.files(id).write(name, content)
      } catch (error) {
        unwritten.set(id, files)
        throw new UnwrittenError(
          `${reasonOf(error)}; what was computed is kept in memory: make room, then let it go on`,
          { cause: error }
        )
      }
    }
    unwritten.delete(id)
  }

  return {
    unwritten: (id) => unwritten.get(id) ?? [],
    execute: ({ id, kind, spec }, progress) => {
      const gate = createGate()
      const compute = async () => {
        const found = kindNamed(kinds, kind)
        await keep(id, unwritten.get(id) ?? [])
        await found.run(specBy(found, spec) as never, {
          backend: await backend(),
          files: store.files(id),
          signal: gate.signal,
          origin,
          openModel,
          openFiled,
          turn: gate.turn,
          stepped: gate.stepped,
          watched,
          keep: (files) => keep(id, files),
          progress,
          tell: (event) => onEvent?.(id, event)
        } satisfies RunContext<unknown>)
      }
      return {
        ended: compute().finally(gate.end),
        pause: gate.pause,
        resume: gate.resume,
        step: gate.step,
        cancel: gate.cancel
      }
    }
  }
}

function notInParts({ id }: ModelReference): Promise<never> {
  return Promise.reject(new RangeError(`model '${id}' cannot be read in parts here: use the terminal`))
}
