/** Runs commands by their keys. */
import type { App } from '../state/app'
import type { Command } from '../state/command'
import { runCommand } from '../state/run-command'
import { presses } from '../ui/keys'

/** Runs commands by their keys, wherever a key is not needed by what has the focus. Returns what undoes this. */
export function listenForShortcuts(app: App): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    const command = app.commands.find(({ shortcuts = [] }) => shortcuts.some((each) => presses(event, each)))
    if (!command || (event.target instanceof Element && takesKey(event.target, event, command))) return
    if (runCommand(app, command)) event.preventDefault()
  }
  window.addEventListener('keydown', onKey)
  return () => window.removeEventListener('keydown', onKey)
}

/** True when the focused element, or its container, handles the key itself. */
function takesKey(target: Element, event: KeyboardEvent, { id }: Command): boolean {
  if (event.ctrlKey || event.metaKey) {
    // A field has an undo of its own until what was typed is taken over; the prompt is taken over at every key.
    return (id === 'undo' || id === 'redo') && target.closest('input') !== null
  }
  if (/^F\d+$/.test(event.key)) return false
  if (event.altKey) return target.closest('input, textarea') !== null
  // Clickers send these; without full screen they scroll, as everywhere.
  if (id === 'next-view' || id === 'previous-view') return !isFullScreen() || target.closest(open) !== null
  if (target.closest(`input, textarea, ${open}`)) return true
  return event.key === ' ' && target.closest('button, a, summary, [role="radio"], [role="button"]') !== null
}

/** The dialog or menu over the view. */
const open = '[role="dialog"], [role="menu"], [role="listbox"][data-open]'

function isFullScreen(): boolean {
  return document.fullscreenElement !== null || matchMedia('(display-mode: fullscreen)').matches
}
