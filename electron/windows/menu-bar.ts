import { app, type BrowserWindow, Menu } from 'electron'
import { events, type SetMenuRequest } from '../channels'
import { menuTemplate } from './menu'

/** The menu that is shown: that of the window in front. */
export interface MenuBar {
  /** A window's page sent its menu. */
  set(window: BrowserWindow, menu: SetMenuRequest): void
  /** A window came to the front. */
  show(window: BrowserWindow): void
}

/** A menu bar that shows nothing until a window is opened. */
export function createMenuBar(): MenuBar {
  const menus = new WeakMap<BrowserWindow, SetMenuRequest>()
  let front: BrowserWindow | undefined
  let look = ''
  const show = (window: BrowserWindow) => {
    front = window
    const menu = menus.get(window)
    // A menu that is open closes when it is replaced: one that would look the same stays.
    const next = JSON.stringify([window.id, menu])
    if (next === look) return
    look = next
    const template = menuTemplate(menu, { platform: process.platform, packaged: app.isPackaged }, (command) => {
      if (!window.isDestroyed()) window.webContents.send(events.command, command)
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }
  return {
    set: (window, menu) => {
      menus.set(window, menu)
      if (window === front) show(window)
    },
    show
  }
}
