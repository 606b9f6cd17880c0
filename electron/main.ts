/** The desktop app's life: what happens before it is ready, at the start, on what comes from outside, and at the end. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { arch, release, tmpdir, type } from 'node:os'
import { join } from 'node:path'
import { app, BrowserWindow, clipboard, dialog, ipcMain, nativeTheme, protocol, session } from 'electron'
import { reasonOf } from '../node/reason'
import { sweepTemporaryFiles } from '../node/whole-file'
import { createAnswers } from './answers'
import { events, type StorageFacts, type Versions } from './channels'
import { createCrashLog } from './crash/crash-log'
import { createLastSession } from './crash/last-session'
import { watchPage, watchProcesses } from './crash/watch'
import { filesOf } from './files/command-line'
import { createInbox } from './files/inbox'
import { createOpenedFiles } from './files/opened-files'
import { createRecentFiles } from './files/recent-files'
import { answerPage } from './ipc'
import { appOrigin, appScheme, serveFolder } from './protocol'
import { lockContents, lockSession, offlineSwitches, pagePreferences } from './security'
import { createDocuments } from './storage/documents'
import { createOwnModels } from './storage/models'
import { createModelsFolder } from './storage/models-folder'
import { createTurns } from './storage/turns'
import { usableFolder } from './storage/user-data'
import { createMenuBar } from './windows/menu-bar'
import { createWindowState } from './windows/window-state'
import { createWindows } from './windows/windows'

/** While developing, electron-vite serves the page and says where; a packaged app never listens to that. */
const developed = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const origin = developed === undefined ? appOrigin : new URL(developed).origin
/** As in the packaging: Windows groups windows and recent files by it. */
const appId = 'org.moescope.app'

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
}
if (app.requestSingleInstanceLock()) live(storage)
else app.quit()

function live({ folder, problem }: StorageFacts): void {
  const versions: Versions = {
    app: app.getVersion(),
    electron: process.versions.electron ?? 'none',
    chromium: process.versions.chrome ?? 'none',
    node: process.versions.node,
    system: `${type()} ${release()} ${arch()}`
  }
  const id = randomUUID()
  const log = createCrashLog(folder, id)
  if (problem !== null) log.note('storage', problem)
  const complain = (reason: string) => log.note('storage', reason)
  watchProcesses(log)
  const lastSession = createLastSession(folder, { id, started: new Date().toISOString(), versions }, log)

  const turns = createTurns()
  const documents = createDocuments(folder, turns)
  const modelsFolder = createModelsFolder(folder, turns, complain)
  const models = createOwnModels(() => modelsFolder.now, turns)
  const recent = createRecentFiles(folder, turns, app, complain)
  const files = createOpenedFiles(recent.add)
  const state = createWindowState(folder, turns, complain)
  nativeTheme.themeSource = state.value.theme

  const menuBar = createMenuBar()
  const inbox = createInbox<BrowserWindow>(
    () => windows.first(),
    (window, file) => window.webContents.send(events.fileOpened, file)
  )
  const windows = createWindows({
    url: `${developed ?? origin}/index.html`,
    preferences: pagePreferences(join(import.meta.dirname, '..', 'preload', 'index.cjs'), !app.isPackaged),
    state,
    complain,
    onOpened: (window) => {
      watchPage(window, log)
      menuBar.show(window)
      window.on('focus', () => menuBar.show(window))
      window.on('session-end', lastSession.end)
      window.on('closed', () => inbox.deafen(window))
      window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
        if (isMainFrame && !isSameDocument) inbox.deafen(window)
      })
    }
  })

  app.on('open-file', (event, path) => {
    event.preventDefault()
    openFromOutside([path])
  })
  app.on('second-instance', (_event, args, cwd) => {
    windows.showFirst()
    openFromOutside(filesOf(args, app.isPackaged, cwd))
  })
  openFromOutside(filesOf(process.argv, app.isPackaged, process.cwd()))
  app.on('web-contents-created', (_event, contents) => lockContents(contents, origin))
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    if (turns.idle) return
    event.preventDefault()
    turns.settled().then(() => app.quit(), complain)
  })
  app.on('quit', lastSession.end)
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      log.note('start', reasonOf(error))
      dialog.showErrorBox('Moescope could not start', reasonOf(error))
      app.exit(1)
    })

  async function start(): Promise<void> {
    protocol.handle(appScheme, serveFolder(join(import.meta.dirname, '..', 'renderer')))
    lockSession(session.defaultSession, { origin, developed: !app.isPackaged }, (refused) =>
      log.note('security', refused)
    )
    const handle = ipcMain.handle.bind(ipcMain)
    const windowOf = BrowserWindow.fromWebContents.bind(BrowserWindow)
    answerPage(
      { handle, windowOf, origin, log: log.note },
      createAnswers({
        versions,
        storage: { folder, problem },
        documents,
        models,
        modelsFolder,
        files,
        recent,
        inbox,
        dialog,
        copyText: (text) => clipboard.writeText(text),
        setMenu: menuBar.set,
        setTheme: (theme) => {
          nativeTheme.themeSource = theme
          if (theme !== state.value.theme)
            state.set({ ...state.value, theme }).catch((error) => complain(reasonOf(error)))
        },
        openBeside: windows.openBeside,
        note: log.note,
        takeCrash: lastSession.take
      })
    )
    const shown = windows.openFirst()
    await Promise.all([sweepTemporaryFiles(folder), models.sweep()]).catch((error) => complain(reasonOf(error)))
    await shown
  }

  function openFromOutside(paths: readonly string[]): void {
    for (const path of paths) files.open(path).then(inbox.deliver, tell)
  }

  async function tell(error: unknown): Promise<void> {
    await app.whenReady()
    const options = { type: 'error' as const, message: 'A file could not be opened', detail: reasonOf(error) }
    const window = windows.first()
    await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options))
  }
}
