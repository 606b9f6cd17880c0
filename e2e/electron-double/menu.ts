import type { Menu as ElectronMenu, MenuItem, MenuItemConstructorOptions } from 'electron'
import { app } from './app'
import { modelled, modelledClass } from './modelled'
import { modelledEmitter } from './modelled-emitter'
import { focusedWindow } from './windows'

let applicationMenu: ElectronMenu | null = null

/** Electron's class `Menu`, for the menu bar. */
export const Menu = modelledClass<typeof ElectronMenu>('Menu', () => menuOf([]), {
  buildFromTemplate: (template) => menuOf(template.map((each) => itemOf(each as MenuItemConstructorOptions))),
  setApplicationMenu: (menu) => {
    applicationMenu = menu
  },
  getApplicationMenu: () => applicationMenu
})

/** Electron's part of a role; the others are the system's own affair. */
const roles: Readonly<Record<string, () => void>> = {
  quit: () => app.quit(),
  close: () => focusedWindow()?.close(),
  minimize: () => focusedWindow()?.minimize(),
  reload: () => focusedWindow()?.webContents.reload()
}

function menuOf(items: MenuItem[]): ElectronMenu {
  return modelledEmitter<ElectronMenu>('Menu', [], {
    items,
    getMenuItemById: (id) => items.find((each) => each.id === id) ?? null
  })
}

function itemOf(options: MenuItemConstructorOptions): MenuItem {
  const { role, submenu, click } = options
  const type = options.type ?? (submenu ? 'submenu' : 'normal')
  if (options.label === undefined && role === undefined && options.type === undefined) {
    throw new Error('Invalid template for MenuItem: must have at least one of label, role or type')
  }
  // A member that an entry has not is undefined there, and not unmodelled.
  const absent = { role: undefined, accelerator: undefined, submenu: undefined } as unknown as Partial<MenuItem>
  const item = modelled<MenuItem>('MenuItem', {
    ...absent,
    id: options.id ?? '',
    label: options.label ?? role ?? '',
    enabled: options.enabled ?? true,
    visible: options.visible ?? true,
    checked: options.checked ?? false,
    registerAccelerator: options.registerAccelerator ?? true,
    type,
    ...(role === undefined ? {} : { role: role as NonNullable<MenuItem['role']> }),
    ...(options.accelerator === undefined ? {} : { accelerator: options.accelerator }),
    ...(Array.isArray(submenu) ? { submenu: menuOf(submenu.map(itemOf)) } : {}),
    click: () => {
      if (role === undefined) return click?.(item, focusedWindow(), modelled('KeyboardEvent', {}))
      const act = roles[role]
      if (!act) throw new Error(`the Electron double does not model the menu's role '${role}'`)
      act()
    }
  })
  return item
}
