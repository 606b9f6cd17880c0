import { createRoot } from 'react-dom/client'
import { Shell } from './app/Shell'
import './app/theme.css'
import { reportFailures } from './app/crash-reports'
import { createApp } from './app/create-app'
import { keepMenu } from './commands/menu'
import { listenForShortcuts } from './commands/shortcuts'
import { findHost } from './host'
import { AppProvider } from './state/app'
import { recallBeginning } from './state/beginning'
import { watchPointer } from './state/held-pointer'
import { keepChosen } from './state/keeping'
import { refreshRecent } from './state/recent'
import { keepViewHistory } from './state/view-history'

// A function, for while a script awaits at its top level, none that imports from its chunk begins: the views would wait.
async function start(): Promise<void> {
  const host = findHost()
  reportFailures(host)
  const isSecond = new URLSearchParams(location.search).has('second')
  const app = createApp(host, { ...(await recallBeginning(host, location.hash)), ...(isSecond && { following: true }) })
  // The first window's choices are the ones that are kept.
  if (!isSecond) keepChosen(app)
  void import('./app/second-window').then(({ lead, follow }) => (isSecond ? follow(app) : lead(app.store)))
  keepViewHistory(app)
  keepMenu(app)
  listenForShortcuts(app)
  watchPointer()
  const opened = app.open()
  void refreshRecent(app)
  void app.lab.open()

  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no element with the id root')
  createRoot(root).render(
    <AppProvider value={app}>
      <Shell />
    </AppProvider>
  )
  await opened
  // Only now: a file may need the models that it was made with.
  host.onFileOpened((file) => void import('./files/open-file').then(({ openGivenFile }) => openGivenFile(app, file)))
}

void start()
