/** The menu as data: the page's commands, with the entries that the system brings. */
import type { MenuItemConstructorOptions } from 'electron'
import type { SetMenuRequest } from '../channels'

type Entries = MenuItemConstructorOptions[]
type Section = SetMenuRequest['sections'][number]

/** Inputs of the menu besides the page. */
export interface MenuPlace {
  readonly platform: NodeJS.Platform
  /** A packaged app offers no developer's tools. */
  readonly packaged: boolean
}

const line: MenuItemConstructorOptions = { type: 'separator' }

/**
 * Sections in the usual order: File, Edit, the page's others, Window, Help. Of the same label become one.
 *
 * @param menu what the page sent; undefined before it did
 * @param choose told the command of an entry that is chosen
 */
export function menuTemplate(
  menu: SetMenuRequest | undefined,
  { platform, packaged }: MenuPlace,
  choose: (command: string) => void
): Entries {
  const mac = platform === 'darwin'
  const sections = new Map<string, Entries[]>([
    ['File', []],
    ['Edit', []]
  ])
  for (const { label, groups } of menu?.sections ?? []) {
    const entries = groups.map((group) => group.map((entry) => entryOf(entry, choose)))
    sections.set(label, [...(sections.get(label) ?? []), ...entries])
  }
  const add = (label: string, group: Entries) => sections.set(label, [...(sections.get(label) ?? []), group])
  add('File', mac ? [{ role: 'close' }] : [{ role: 'close' }, { role: 'quit' }])
  add('Edit', [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }])
  if (!packaged) add('View', [{ role: 'reload' }, { role: 'toggleDevTools' }])
  add('Window', mac ? [{ role: 'minimize' }, { role: 'zoom' }, line, { role: 'front' }] : [{ role: 'minimize' }])
  const ordered = [...sections].toSorted(([a], [b]) => rank(a) - rank(b))
  const items = ordered.map(([label, groups]) => ({ label, submenu: withLines(groups) }))
  return mac ? [{ role: 'appMenu' }, ...items] : items
}

function entryOf(
  entry: Section['groups'][number][number],
  choose: (command: string) => void
): MenuItemConstructorOptions {
  const { command, label, accelerator, enabled } = entry
  return {
    label,
    enabled,
    click: () => choose(command),
    // The page listens for its keys itself; registered here, one key would run the command twice.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false })
  }
}

function rank(label: string): number {
  const at = ['File', 'Edit', '', 'Window', 'Help'].indexOf(label)
  return at < 0 ? 2 : at
}

function withLines(groups: readonly Entries[]): Entries {
  return groups.filter((group) => group.length > 0).flatMap((group, i) => (i === 0 ? group : [line, ...group]))
}
