import type { App } from '../state/app'
import { type Command, commands } from './commands'

/** Runs commands by their keys, wherever a key is not needed by what has the focus. Returns what undoes this. */
export function listenForShortcuts(app: App): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    if (event.target instanceof Element && takesKey(event.target, event.key)) return
    const command = commands.find(({ shortcut }) => shortcut === event.key.toLowerCase() || shortcut === event.key)
    if (!command?.enabled(app.store.getState())) return
    event.preventDefault()
    void command.run(app)
  }
  window.addEventListener('keydown', onKey)
  return () => window.removeEventListener('keydown', onKey)
}

/** A key as the screen writes it. */
export function keyName({ shortcut }: Command): string | undefined {
  const names: Readonly<Record<string, string>> = { ' ': 'Space', ArrowRight: '→' }
  return shortcut && (names[shortcut] ?? shortcut.toUpperCase())
}

/** Whether the focused element, or what it belongs to, answers a key itself. */
function takesKey(target: Element, key: string): boolean {
  if (target.closest('input, textarea, [role="dialog"], [role="menu"], [role="listbox"][data-open]')) return true
  return key === ' ' && target.closest('button, a, summary, [role="radio"], [role="button"]') !== null
}
