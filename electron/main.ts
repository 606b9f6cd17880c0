import { join } from 'node:path'
import { app, BrowserWindow, dialog, protocol, session } from 'electron'
import { answerPage } from './ipc'
import { appOrigin, appScheme, serveFolder } from './protocol'

/** While developing, electron-vite serves the page and says where; a packaged app never listens to that. */
const developed = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const origin = developed === undefined ? appOrigin : new URL(developed).origin

protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }
])
app.enableSandbox()

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', showFirstWindow)
  app.on('window-all-closed', () => app.quit())
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      dialog.showErrorBox('Moescope could not start', String(error))
      app.exit(1)
    })
} else {
  app.quit()
}

async function start(): Promise<void> {
  protocol.handle(appScheme, serveFolder(join(import.meta.dirname, '..', 'renderer')))
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.defaultSession.setPermissionCheckHandler(() => false)
  answerPage(origin)
  await openWindow()
}

async function openWindow(): Promise<void> {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    webPreferences: {
      preload: join(import.meta.dirname, '..', 'preload', 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false
    }
  })
  window.once('ready-to-show', () => window.show())
  await window.loadURL(`${developed ?? origin}/index.html`)
}

function showFirstWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (window?.isMinimized()) window.restore()
  window?.focus()
}
