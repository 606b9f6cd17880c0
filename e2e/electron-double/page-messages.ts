/** The messages between the preload's world and the main process. */

/** A call, which waits for its answer. */
export interface FromPage {
  readonly invoke: number
  readonly channel: string
  readonly args: readonly unknown[]
}

/** An answer, or a message to listeners. */
export type ToPage =
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly error: string }
  | { readonly channel: string; readonly args: readonly unknown[] }
