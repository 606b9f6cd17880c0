/** Keys of commands: how they are written, and whether they are pressed. */
import type { Command } from '../state/command'

const isMac = typeof navigator !== 'undefined' && /Mac/.test(navigator.platform)

interface Chord {
  readonly mod: boolean
  readonly alt: boolean
  /** True when Shift belongs to it; undefined where it only serves to type the key, as for `?`. */
  readonly shift: boolean | undefined
  readonly key: string
}

/** The keys of a command as the screen writes them: `Ctrl+K`, `⌘K`, `Space`, `→`. */
export function keyName({ shortcuts = [] }: Command): string | undefined {
  const [shown] = shortcuts
  if (shown === undefined) return undefined
  const { mod, alt, shift, key } = chordOf(shown)
  const name = names[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  const held = isMac ? { mod: '⌘', alt: '⌥', shift: '⇧' } : { mod: 'Ctrl+', alt: 'Alt+', shift: 'Shift+' }
  return `${alt ? held.alt : ''}${mod ? held.mod : ''}${shift ? held.shift : ''}${name}`
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

/** True of an event that presses a command's keys. */
export function presses(event: KeyboardEvent, shortcut: string): boolean {
  const { mod, alt, shift, key } = chordOf(shortcut)
  const pressed = isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey
  if (event.altKey !== alt || (mod ? !pressed : event.ctrlKey || event.metaKey)) return false
  const letter = /^[a-z]$/i.test(key)
  if (mod && letter && shift !== event.shiftKey) return false
  return key.toLowerCase() === event.key.toLowerCase()
}

const names: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page Up',
  PageDown: 'Page Down',
  '-': '−'
}

function chordOf(shortcut: string): Chord {
  const held = /^(?:(?:Mod|Alt|Shift)\+)*/.exec(shortcut)?.[0] ?? ''
  const [mod, alt, shift] = ['Mod+', 'Alt+', 'Shift+'].map((each) => held.includes(each))
  return { mod: mod === true, alt: alt === true, shift: mod ? shift : undefined, key: shortcut.slice(held.length) }
}
