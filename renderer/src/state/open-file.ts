/** Opening whatever the app can show: what it is, is told by its content and not by its name. */
import { openTraceFile } from '@core/routing/trace-file'
import { type OpenedFile, textOf } from '../host/host'
import type { App } from './app'
import { openableFile } from './file-kinds'
import { messageOf } from './library'
import { refreshRecent } from './recent'
import { openRun } from './run-file'
import { openState } from './state-file'

/** Opens the file that the user chooses. */
export async function chooseAndOpen(app: App): Promise<void> {
  await opening(app, () => app.host.openFile(openableFile))
}

/** Opens a file of the list of recent ones. */
export async function openRecentFile(app: App, id: string): Promise<void> {
  await opening(app, () => app.host.openRecent(id))
}

/** Opens a file that came from outside of the page, or was dropped on it. */
export async function openGivenFile(app: App, file: OpenedFile): Promise<void> {
  await opening(app, async () => file)
}

async function opening(app: App, find: () => Promise<OpenedFile | undefined>): Promise<void> {
  let file: OpenedFile | undefined
  try {
    file = await find()
    if (!file) return
    app.notify(await show(app, file))
  } catch (error) {
    app.notify(`${file?.name ?? 'The file'} cannot be opened: ${messageOf(error)}`)
  }
  await refreshRecent(app)
}

/** Shows a file, and says what it is. */
async function show(app: App, file: OpenedFile): Promise<string> {
  if (file.size === 0) throw new Error('it is empty')
  if (await isSafetensors(file)) {
    const trace = await openTraceFile(file)
    app.store.setState({ trace: { name: file.name, trace } })
    app.choose({ view: 'trace' })
    return `${file.name} is open: a trace of ${trace.tokenCount} tokens.`
  }
  const text = await textOf(file).catch(() => {
    throw new Error('expected a Moescope state or run (JSON) or a trace (safetensors), found other bytes')
  })
  const stored = parsed(text)
  if (formatOf(stored)?.startsWith('moescope.run/')) {
    openRun(app, text)
    return `${file.name} is open: Run shows it as it was recorded.`
  }
  openState(app, stored)
  return `${file.name} is open: this is what was chosen.`
}

/** Whether a file begins as safetensors do: the length of a header, and the header's brace. */
async function isSafetensors(file: OpenedFile): Promise<boolean> {
  if (file.size < 10) return false
  const head = await file.bytes(0, 9)
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true)
  return head[8] === '{'.charCodeAt(0) && length > 0n && length < BigInt(file.size)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`expected a Moescope state or run (JSON) or a trace (safetensors): ${messageOf(error)}`, {
      cause: error
    })
  }
}

function formatOf(stored: unknown): string | undefined {
  return typeof stored === 'object' && stored !== null && 'format' in stored && typeof stored.format === 'string'
    ? stored.format
    : undefined
}
