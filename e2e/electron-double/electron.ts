/** The module `electron` of the main process, as the double has it. */
import { app } from './app'
import { BrowserWindow } from './browser-window'
import { clipboard } from './clipboard'
import { dialog } from './dialog'
import { ipcMain } from './ipc-main'
import { Menu } from './menu'
import { modelled } from './modelled'
import { nativeTheme } from './native-theme'
import { protocol } from './protocol'
import { screen } from './screen'
import { session } from './session'

export { app, BrowserWindow, clipboard, dialog, ipcMain, Menu, nativeTheme, protocol, screen, session }

/** Electron's type of the module. */
export type Electron = typeof import('electron')

/** All of it, for whom it is one object. */
export const electron = modelled<Electron>('electron', {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  screen,
  session
} satisfies Partial<Electron>)

export default electron
