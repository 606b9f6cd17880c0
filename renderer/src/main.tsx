import { createRoot } from 'react-dom/client'
import { keepChoices, rememberedChoices } from './app/keep'
import { Shell } from './app/Shell'
import './app/theme.css'
import { listenForShortcuts } from './commands/shortcuts'
import { findHost } from './host'
import { AppProvider, createApp } from './state/app'

const host = findHost()
const { choices, notice } = await rememberedChoices(host)
const app = createApp(host, choices, notice)
keepChoices(app)
listenForShortcuts(app)
const opened = app.open()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no element with the id root')
createRoot(root).render(
  <AppProvider value={app}>
    <Shell />
  </AppProvider>
)
await opened
