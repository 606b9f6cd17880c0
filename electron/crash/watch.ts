/** Notes everything that breaks, and offers a way on where there is one. */
import { app, type BrowserWindow, dialog } from 'electron'
import type { CrashLog } from './crash-log'

/** Notes faults of the main process and of Electron's helper processes. */
export function watchProcesses(log: CrashLog): void {
  let shown = false
  process.on('uncaughtException', (error) => {
    log.note('main: uncaught exception', stackOf(error))
    if (shown) return
    shown = true
    dialog.showErrorBox(
      'Something went wrong inside Moescope',
      `${error.message}\n\nIt was noted in ${log.path}. You can go on; if something no longer answers, start the app again.`
    )
  })
  process.on('unhandledRejection', (reason) => log.note('main: unhandled rejection', stackOf(reason)))
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    if (reason !== 'clean-exit') log.note(`process: ${name ?? type}`, `${reason}, exit code ${exitCode}`)
  })
}

/** Notes when a window's page dies, and offers to load it again: it then restores what it had stored. */
export function watchPage(window: BrowserWindow, log: CrashLog): void {
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    log.note('page: process gone', `${reason}, exit code ${exitCode}`)
    if (!window.isDestroyed()) offerReload(window, reason).catch((error) => log.note('page: reload', stackOf(error)))
  })
}

async function offerReload(window: BrowserWindow, reason: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'This window has stopped working',
    detail: `Its process is gone (${reason}). What was stored is still there and is shown again after reloading.`,
    buttons: ['Reload', 'Quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true
  })
  if (response === 1) app.quit()
  else if (!window.isDestroyed()) window.webContents.reload()
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
