import type { z } from 'zod'
import type { RunnableModel } from '../model/runnable-model'
import type { Backend } from '../runtime/backend'
import type { Needs } from './run'
import type { RunFiles } from './store'

/** A model as a run names it: by its id, and by the hash of its weights, lest another model of that id be meant. */
export interface ModelReference {
  readonly id: string
  /** SHA-256 of `model.safetensors`, hexadecimal. */
  readonly weights: string
}

/** Everything that a run meets while it computes. */
export interface RunContext<Event> {
  readonly backend: Backend
  /** What this run has saved before, and where it saves. */
  readonly files: RunFiles
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal
  /** Machine and versions, for the record of a result. */
  readonly origin: { readonly machine: string; readonly versions: Readonly<Record<string, string>> }
  /** Opens a model. Throws when it is not here or has other weights than the run was asked for. */
  openModel(model: ModelReference): Promise<RunnableModel>
  /**
   * To be awaited between two steps: gives way to what waits in this thread, stands still while a speed is measured
   * elsewhere, and throws the signal's reason once the run is cancelled.
   */
  turn(): Promise<void>
  /** Says how far the run is, from 0 to 1, and its present part in a few words. */
  progress(done: number, detail: string): void
  /** Says what is new to whoever looks on. */
  tell(event: Event): void
}

/**
 * One kind of run: everything that Moescope knows of it stands in one object. To add one, write such an object in a
 * file of `kinds/`, with a test, and list it in `kinds/index.ts`.
 */
export interface RunKind<Spec, Event = never> {
  readonly kind: string
  readonly spec: z.ZodType<Spec>
  /** The beginning of its id, for people: `my-moe-159k`. Lower-case letters, digits and hyphens. */
  stem(spec: Spec): string
  /** In a few words, for lists of runs: `Training my-moe-159k`. */
  title(spec: Spec, id: string): string
  needs(spec: Spec): Needs
  /**
   * Computes until the result is whole in `context.files`, going on from what these hold already. Saves what it needs
   * to resume at least every 30 seconds, and when it is cancelled.
   */
  run(spec: Spec, context: RunContext<Event>): Promise<void>
}
