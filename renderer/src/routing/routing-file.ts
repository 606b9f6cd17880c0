/** Opening files of routing, of whatever software they are, and saving what was recorded here. */

import { messageOf } from '@core/reason'
import { formatExact } from '../charts/format'
import type { ReadAs } from '../engine/routing-protocol'
import type { OpenedFile } from '../host/host'
import type { App } from '../state/app'
import type { OpenTrace } from './state'

/**
 * Opens a file of routing, or asks what the file does not say.
 * @returns what it is; undefined when something is asked
 */
export async function openRoutingFile(app: App, file: OpenedFile): Promise<string | undefined> {
  const { candidates, noTrace } = await app.inspector.inspect(file).catch((error: unknown) => {
    throw new Error(withoutName(file.name, messageOf(error)), { cause: error })
  })
  const [only, ...others] = candidates
  if (!only) {
    const expected = 'expected a Moescope state or run, a routing trace, or a config.json'
    throw new Error(`${expected}, found another file; it ${noTrace}`)
  }
  if (others.length > 0 || only.questions.some(({ needed }) => needed)) {
    app.store.setState({ asked: { file, candidates } })
    return undefined
  }
  return openRoutingAs(app, file, { format: only.format })
}

/** A reader's message without the file's name, which stands before it already. */
function withoutName(name: string, message: string): string {
  return message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message
}

/** Opens a file as what the user said. */
export async function openRoutingAs(app: App, file: OpenedFile, as: ReadAs): Promise<string> {
  const { facts } = await app.inspector.open(file, { as })
  app.store.setState({ asked: undefined })
  app.choose({ view: 'trace' })
  return facts.kind === 'counts'
    ? `${file.name} is open: counts of ${facts.layers.length} layers with ${facts.experts} experts.`
    : `${file.name} is open: a trace of ${formatExact(facts.tokenCount)} tokens.`
}

/** Saves a trace in the app's own format. */
export async function saveTrace({ host, inspector, notify }: App, { id, name, facts }: OpenTrace): Promise<void> {
  const format = facts.kind === 'counts' ? 'csv' : 'safetensors'
  const stem = name.replace(/\.[a-z]+$/i, '')
  const kind = { description: 'Routing trace', extensions: [format] }
  const saved = await host.saveFile(`${stem}.${format}`, kind, await inspector.api.exported(id, format))
  if (saved) notify(`${saved} is saved.`)
}
