/** Undo and redo: snapshots of the choices. */
export interface History<T> {
  /** The oldest first. */
  readonly past: readonly T[]
  /** Snapshots to redo, the latest first. */
  readonly future: readonly T[]
  /** Name and time of the last gradual change. */
  readonly last: { readonly gradual: string; readonly time: number } | undefined
}

/** Snapshots kept; older ones are forgotten. */
const most = 200

/** Gradual changes of the same thing that follow each other within this time are undone together. */
const pauseMilliseconds = 1000

export const emptyHistory: History<never> = { past: [], future: [], last: undefined }

/**
 * Takes note of a change.
 * @param before what was chosen before it
 * @param gradual what is typed or dragged, of which many changes are one; undefined for a change of its own
 * @param time in ms
 * @param heldSince begin of the press of a pointer that is held: gradual changes meanwhile are one, however slow
 */
export function remember<T>(
  { past, last }: History<T>,
  before: T,
  gradual: string | undefined,
  time: number,
  heldSince?: number
): History<T> {
  const isSame = gradual !== undefined && gradual === last?.gradual
  const isDragged = heldSince !== undefined && last !== undefined && last.time >= heldSince
  const continues = isSame && (isDragged || time - last.time < pauseMilliseconds)
  return {
    past: continues ? past : [...past, before].slice(-most),
    future: [],
    last: gradual === undefined ? undefined : { gradual, time }
  }
}

/** Goes back by one change: what was chosen then, and the history from there; undefined at the beginning. */
export function undo<T>(
  { past, future }: History<T>,
  now: T
): { readonly chosen: T; readonly history: History<T> } | undefined {
  const chosen = past.at(-1)
  if (chosen === undefined) return undefined
  return { chosen, history: { past: past.slice(0, -1), future: [now, ...future], last: undefined } }
}

/** Goes forward again by one change that was undone; undefined when there is none. */
export function redo<T>(
  { past, future }: History<T>,
  now: T
): { readonly chosen: T; readonly history: History<T> } | undefined {
  const [chosen, ...rest] = future
  if (chosen === undefined) return undefined
  return { chosen, history: { past: [...past, now], future: rest, last: undefined } }
}
