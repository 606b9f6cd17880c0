import type { z } from 'zod'
import { parsedBy } from '../formats/problems'
import type { RunnableModel } from '../model/runnable-model'
import type { Backend } from '../runtime/backend'
import type { FiledModel } from '../stream/filed-model'
import type { ModelReference } from './model-reference'
import type { Needs } from './run'
import type { NamedContent, RunFiles } from './store'

/** Everything that a run meets while it computes. */
export interface RunContext<Event> {
  readonly backend: Backend
  /** The files of this run: those that it saved before, and its place for more. */
  readonly files: RunFiles
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal
  /** Machine and versions, for the record of a result. */
  readonly origin: { readonly machine: string; readonly versions: Readonly<Record<string, string>> }
  /** Opens a model. Throws when it is not here or has other weights than the run was asked for. */
  openModel(model: ModelReference): Promise<RunnableModel>
  /** Opens a model whose weights stay in their files. Throws as `openModel`, and where files cannot be read in parts. */
  openFiled(model: ModelReference): Promise<FiledModel>
  /**
   * To be awaited between two steps: gives way to what waits in this thread, stands still while a speed is measured
   * elsewhere, and throws the signal's reason once the run is cancelled.
   */
  turn(): Promise<void>
  /** Says that a step is done: a run that was asked for one alone stands still at its next turn. */
  stepped(): void
  /**
   * Writes files one after the other, in this order. What cannot be written is kept in memory, and is written first when
   * the run is computed again here, so that nothing is computed twice because a store was full.
   *
   * @throws {UnwrittenError}
   */
  keep(files: readonly NamedContent[]): Promise<void>
  /** True where somebody looks on: a training then also tells what its model writes. */
  readonly watched: boolean
  /** Says how far the run is, from 0 to 1, and its present part in a few words. */
  progress(done: number, detail: string): void
  /** Says what is new to whoever looks on. */
  tell(event: Event): void
}

/** A kind of run as far as nothing is computed: all that lists of runs and the queue need. */
export interface RunForm<Spec> {
  readonly kind: string
  readonly spec: z.ZodType<Spec>
  /** The beginning of its id, for people: `my-moe-159k`. Lower-case letters, digits and hyphens. */
  stem(spec: Spec): string
  /** In a few words, for lists of runs: `Training my-moe-159k`. */
  title(spec: Spec, id: string): string
  needs(spec: Spec): Needs
  /** True where its files are those of a model, which is kept where models are. */
  readonly leavesModel?: true
}

/**
 * One kind of run. To add one, write its form and what it computes in two files of `kinds/`, with a test, and list them
 * in `forms.ts` and `index.ts`: the page knows the forms, and only workers and the terminal load what computes.
 */
export interface RunKind<Spec, Event = never> extends RunForm<Spec> {
  /**
   * Computes until the result is whole in `context.files`, going on from what these hold already; computes nothing when
   * it is whole. Saves what it needs to resume at least every 30 seconds, and when it is cancelled.
   */
  run(spec: Spec, context: RunContext<Event>): Promise<void>
}

/** Any form, by one that does not look into its specs. */
export interface AnyForm {
  readonly kind: string
  readonly spec: z.ZodType
  stem(spec: never): string
  title(spec: never, id: string): string
  needs(spec: never): Needs
  readonly leavesModel?: true
}

/** Any kind of run, by one that does not look into its specs and events. */
export interface AnyKind extends AnyForm {
  run(spec: never, context: RunContext<never>): Promise<void>
}

/** The spec of a run, as its kind reads it. Throws a `FormatError` that names the fields. */
export function specBy<Spec>(
  { kind, spec }: { readonly kind: string; readonly spec: z.ZodType<Spec> },
  given: unknown
): Spec {
  return parsedBy(spec, given, `the spec of a run of kind '${kind}': `)
}

/** The kind of a name. Throws a `RangeError` that lists the known ones. */
export function kindNamed<Kind extends { readonly kind: string }>(kinds: readonly Kind[], name: string): Kind {
  const found = kinds.find(({ kind }) => kind === name)
  if (found) return found
  throw new RangeError(`there is no kind of run '${name}': choose one of ${kinds.map(({ kind }) => kind).join(', ')}`)
}
