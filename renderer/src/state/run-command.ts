import { messageOf } from '@core/reason'
import type { App } from './app'
import type { Command } from './command'

/** Runs a command if it can be run now. What goes wrong is told to the user. Tells whether it was run. */
export function runCommand(app: App, command: Command): boolean {
  if (!command.enabled(app.store.getState())) return false
  void Promise.resolve()
    .then(() => command.run(app))
    .catch((error: unknown) => app.notify(`That did not work: ${messageOf(error)}`))
  return true
}
