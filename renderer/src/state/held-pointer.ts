/** A drag, which is one change however slow it is: the time since which a pointer is held down. */

let since: number | undefined

/** Begin of the press of the pointer that is held, as `performance.now()`; undefined while none is. */
export function heldSince(): number | undefined {
  return since
}

/** Follows the pointer of this page. */
export function watchPointer(): void {
  // Before whatever answers to the press.
  const options = { capture: true, passive: true }
  window.addEventListener('pointerdown', () => (since = performance.now()), options)
  for (const type of ['pointerup', 'pointercancel', 'blur']) {
    window.addEventListener(type, () => (since = undefined), options)
  }
}
