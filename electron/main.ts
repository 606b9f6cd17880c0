/** The desktop app's life: before it is ready, its start, what comes from outside, and its end. */
import { mkdtempSync } from 'node:fs'
import { arch, release, tmpdir, type } from 'node:os'
import { join } from 'node:path'
import { app, BrowserWindow, clipboard, dialog, ipcMain, nativeTheme, protocol, session } from 'electron'
import { reasonOf } from '../node/reason'
import { createAnswers } from './answers'
import { events, type SetThemeRequest, type Versions } from './channels'
import { watchPage, watchProcesses } from './crash/watch'
import { filesOf } from './files/command-line'
import { createInbox } from './files/inbox'
import { answerPage } from './ipc'
import { appOrigin, appScheme, serveFolder } from './protocol'
import { lockContents, lockSession, offlineSwitches, pagePreferences } from './security'
import { createServices, type Services } from './services'
import { sweepLeftOvers } from './storage/sweep'
import { removeTemporary, usableFolder } from './storage/user-data'
import { createMenuBar } from './windows/menu-bar'
import { createWindows } from './windows/windows'

/** While developing, electron-vite serves the page and says where; a packaged app never listens to that. */
const developed = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const origin = developed === undefined ? appOrigin : new URL(developed).origin
const built = join(import.meta.dirname, '..')
/** As the packages have it: Windows groups windows and recent files by it. */
const appId = 'moescope.laboratory'

protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }
])
app.enableSandbox()
if (developed === undefined) {
  for (const [name, value] of offlineSwitches) app.commandLine.appendSwitch(name, value)
}
if (process.platform === 'win32') app.setAppUserModelId(appId)

const storage = usableFolder(app.getPath('userData'), () => mkdtempSync(join(tmpdir(), 'moescope-')))
if (storage.problem !== null) {
  app.setPath('userData', storage.folder)
  app.setPath('sessionData', storage.folder)
  process.once('exit', () => removeTemporary(storage.folder))
}
if (app.requestSingleInstanceLock()) live(createServices(storage, versions(), app))
else app.quit()

function live(services: Services): void {
  const { log, lastSession, turns, files, windowState, complain } = services
  const menuBar = createMenuBar()
  const windows = createWindows({
    url: `${developed ?? origin}/index.html`,
    preferences: pagePreferences(join(built, 'preload', 'index.cjs'), !app.isPackaged),
    state: windowState,
    complain,
    onOpened: (window) => {
      watchPage(window, log)
      menuBar.show(window)
      window.on('focus', () => menuBar.show(window))
      window.on('session-end', lastSession.end)
      window.on('closed', () => inbox.deafen(window))
      window.webContents.on('render-process-gone', () => inbox.deafen(window))
      window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
        if (isMainFrame && !isSameDocument) inbox.deafen(window)
      })
    }
  })
  const inbox = createInbox<BrowserWindow>(windows.first, (window, file) =>
    window.webContents.send(events.fileOpened, file)
  )

  watchProcesses(log)
  app.on('web-contents-created', (_event, contents) => lockContents(contents, origin))
  app.on('open-file', (event, path) => {
    event.preventDefault()
    void openFromOutside([path])
  })
  app.on('second-instance', (_event, args, cwd) => {
    windows.showFirst()
    void openFromOutside(filesOf(args, app.isPackaged, cwd))
  })
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    if (turns.idle) return
    event.preventDefault()
    turns.settled().then(() => app.quit(), complain)
  })
  app.on('quit', lastSession.end)
  void openFromOutside(filesOf(process.argv, app.isPackaged, process.cwd()))
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      log.note('start', reasonOf(error))
      dialog.showErrorBox('Moescope could not start', reasonOf(error))
      app.exit(1)
    })

  async function start(): Promise<void> {
    nativeTheme.themeSource = windowState.value.theme
    protocol.handle(appScheme, serveFolder(join(built, 'renderer')))
    const source = { origin, developed: !app.isPackaged }
    lockSession(session.defaultSession, source, (refused) => log.note('security', refused))
    const handle = ipcMain.handle.bind(ipcMain)
    const windowOf = BrowserWindow.fromWebContents.bind(BrowserWindow)
    const screen = {
      inbox,
      dialog,
      setMenu: menuBar.set,
      setTheme: (theme: SetThemeRequest['theme']) => void (nativeTheme.themeSource = theme),
      copyText: (text: string) => clipboard.writeText(text),
      openBeside: windows.openBeside
    }
    answerPage({ handle, windowOf, origin, log: log.note }, createAnswers(services, screen))
    const shown = windows.openFirst()
    await sweepLeftOvers(services).catch(complain)
    await shown
  }

  /** One after the other, so that the page gets them in their order. */
  async function openFromOutside(paths: readonly string[]): Promise<void> {
    for (const path of paths) await files.open(path).then(inbox.deliver, tell)
  }

  async function tell(error: unknown): Promise<void> {
    await app.whenReady()
    const options = { type: 'error' as const, message: 'A file could not be opened', detail: reasonOf(error) }
    const window = windows.first()
    await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options))
  }
}

function versions(): Versions {
  return {
    app: app.getVersion(),
    electron: process.versions.electron ?? 'none',
    chromium: process.versions.chrome ?? 'none',
    node: process.versions.node,
    system: `${type()} ${release()} ${arch()}`
  }
}
