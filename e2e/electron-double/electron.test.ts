import { expect, test, vi } from 'vitest'
import { BrowserWindow, dialog, electron, ipcMain, Menu, protocol, screen, session } from './electron'
import { receive } from './ipc-main'
import { effectivePreferences } from './web-preferences'

test('what is not modelled throws by name, wherever it is', () => {
  expect(() => electron.shell).toThrow('electron.shell')
  expect(() => electron.app.relaunch).toThrow('app.relaunch')
  expect(() => electron.app.on('gpu-info-update', () => {})).toThrow("'gpu-info-update' of app")
  expect(() => BrowserWindow.prototype.loadFile).toThrow('BrowserWindow.prototype.loadFile')
  expect(() => dialog.showCertificateTrustDialog).toThrow('dialog.showCertificateTrustDialog')
  expect(() => session.fromPartition).toThrow('session.fromPartition')
  expect(() => protocol.registerFileProtocol).toThrow('protocol.registerFileProtocol')
  expect(() => ipcMain.on('channel', () => {})).toThrow("'channel' of ipcMain")
  expect(() => Menu.sendActionToFirstResponder).toThrow('Menu.sendActionToFirstResponder')
  expect(() => electron.app.getPath('desktop')).toThrow("app.getPath('desktop')")
})

test('what needs a ready app throws before it is', async () => {
  expect(() => new BrowserWindow()).toThrow('before the app is ready')
  expect(() => session.defaultSession).toThrow('before the app is ready')
  expect(() => screen.getPrimaryDisplay()).toThrow('before the app is ready')
  expect(() => protocol.handle('app', () => new Response())).toThrow('before the app is ready')
  await expect(dialog.showMessageBox({ message: 'x' })).rejects.toThrow('before the app is ready')
})

test('windows that are not sandboxed, isolated and without Node are refused', () => {
  expect(effectivePreferences()).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false })
  for (const wrong of [{ sandbox: false }, { contextIsolation: false }, { nodeIntegration: true }]) {
    expect(() => effectivePreferences(wrong)).toThrow('sandboxed, isolated and without Node')
  }
})

test('calls are answered, and fail in Electron’s words', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const sender = { sender: {}, senderFrame: null } as Parameters<typeof receive>[1]
  ipcMain.handle('double', (_event, n: number) => n * 2)
  ipcMain.handle('fails', () => {
    throw new RangeError('too much')
  })
  expect(await receive({ invoke: 1, channel: 'double', args: [21] }, sender)).toEqual({ answer: 1, value: 42 })
  expect(await receive({ invoke: 2, channel: 'fails', args: [] }, sender)).toEqual({
    answer: 2,
    error: "Error invoking remote method 'fails': RangeError: too much"
  })
  expect(await receive({ invoke: 3, channel: 'unknown', args: [] }, sender)).toEqual({
    answer: 3,
    error: "Error invoking remote method 'unknown': Error: No handler registered for 'unknown'"
  })
  expect(() => ipcMain.handle('double', () => 1)).toThrow("second handler for 'double'")
})

test('a menu is kept as it was given, and its entries can be chosen', () => {
  const click = vi.fn<() => void>()
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: 'Run', submenu: [{ id: 'go', label: 'Go', click }, { type: 'separator' }, { role: 'copy' }] }
    ])
  )
  const [run] = Menu.getApplicationMenu()?.items ?? []
  expect(run?.submenu?.items.map(({ label, type }) => [label, type])).toEqual([
    ['Go', 'normal'],
    ['', 'separator'],
    ['copy', 'normal']
  ])
  run?.submenu?.getMenuItemById('go')?.click()
  expect(click).toHaveBeenCalledOnce()
  expect(() => run?.submenu?.items[2]?.click()).toThrow("role 'copy'")
  expect(() => Menu.buildFromTemplate([{}])).toThrow('label, role or type')
})
