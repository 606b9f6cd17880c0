/** Keys of commands: how they are written, and what happens when they are pressed. */
import type { App } from '../state/app'
import type { Command } from './command'
import { commands } from './commands'
import { runCommand } from './run-command'

interface Chord {
  readonly mod: boolean
  /** Whether Shift belongs to it; undefined where it only serves to type the key, as for `?`. */
  readonly shift: boolean | undefined
  readonly key: string
}

const isMac = typeof navigator !== 'undefined' && /Mac/.test(navigator.platform)

/** Runs commands by their keys, wherever a key is not needed by what has the focus. Returns what undoes this. */
export function listenForShortcuts(app: App): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    const command = commands.find(({ shortcuts = [] }) => shortcuts.some((each) => matches(each, event)))
    if (!command || (event.target instanceof Element && takesKey(event.target, event, command))) return
    if (runCommand(app, command)) event.preventDefault()
  }
  window.addEventListener('keydown', onKey)
  return () => window.removeEventListener('keydown', onKey)
}

/** The keys of a command as the screen writes them: `Ctrl+K`, `⌘K`, `Space`, `→`. */
export function keyName({ shortcuts = [] }: Command): string | undefined {
  const [shown] = shortcuts
  if (shown === undefined) return undefined
  const { mod, shift, key } = chordOf(shown)
  const name = names[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  const before = isMac ? `${shift ? '⇧' : ''}${mod ? '⌘' : ''}` : `${mod ? 'Ctrl+' : ''}${shift ? 'Shift+' : ''}`
  return `${before}${name}`
}

/** The keys as `aria-keyshortcuts` has them. */
export function ariaKeys({ shortcuts = [] }: Command): string | undefined {
  const [shown] = shortcuts
  return shown?.replace('Mod', isMac ? 'Meta' : 'Control').replace(/^ $/, 'Space')
}

/**
 * The keys as Electron's menus have them. Single keys are left out: macOS gives those of a menu to the menu even while
 * one types.
 */
export function accelerator({ shortcuts = [] }: Command): string | undefined {
  const chord = shortcuts.find((each) => each.startsWith('Mod+') || /^F\d+$/.test(each))
  return chord?.replace('Mod', 'CmdOrCtrl')
}

const names: Readonly<Record<string, string>> = { ' ': 'Space', ArrowRight: '→', '-': '−' }

function chordOf(shortcut: string): Chord {
  const mod = shortcut.startsWith('Mod+')
  const rest = mod ? shortcut.slice('Mod+'.length) : shortcut
  const shift = rest.startsWith('Shift+')
  return { mod, shift: mod ? shift : undefined, key: shift ? rest.slice('Shift+'.length) : rest }
}

function matches(shortcut: string, event: KeyboardEvent): boolean {
  const { mod, shift, key } = chordOf(shortcut)
  const pressed = isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey
  if (event.altKey || (mod ? !pressed : event.ctrlKey || event.metaKey)) return false
  const letter = /^[a-z]$/i.test(key)
  if (mod && letter && shift !== event.shiftKey) return false
  return key.toLowerCase() === event.key.toLowerCase()
}

/** Whether the focused element, or what it belongs to, answers a key itself. */
function takesKey(target: Element, event: KeyboardEvent, { id }: Command): boolean {
  if (event.ctrlKey || event.metaKey) {
    // A field has an undo of its own until what was typed is taken over; the prompt is taken over at every key.
    return (id === 'undo' || id === 'redo') && target.closest('input') !== null
  }
  if (/^F\d+$/.test(event.key)) return false
  if (target.closest('input, textarea, [role="dialog"], [role="menu"], [role="listbox"][data-open]')) return true
  if (event.key === 'Home') return target.closest('[role="listbox"], [role="slider"], [role="radio"]') !== null
  return event.key === ' ' && target.closest('button, a, summary, [role="radio"], [role="button"]') !== null
}
