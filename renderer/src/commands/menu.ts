/** The menu of the window, derived from the commands. */
import type { MenuSection } from '../host/host'
import type { App } from '../state/app'
import type { AppState } from '../state/app-state'
import { runCommand } from '../state/run-command'
import { accelerator } from '../ui/keys'
import { commandSections } from './commands'

const pauseMilliseconds = 250

/** Keeps the host's menu like the commands, and runs what is chosen there. Returns what undoes this. */
export function keepMenu(app: App): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let shown = ''
  const show = () => {
    timer = undefined
    const menu = menuOf(app.store.getState())
    const text = JSON.stringify(menu)
    if (text !== shown) app.host.setMenu(menu)
    shown = text
  }
  show()
  app.host.onCommand((id) => {
    const command = app.commands.find((each) => each.id === id)
    if (command) runCommand(app, command)
  })
  const stop = app.store.subscribe(() => {
    timer ??= setTimeout(show, pauseMilliseconds)
  })
  return () => {
    stop()
    clearTimeout(timer)
  }
}

/** The menu as it stands in this state. */
export function menuOf(state: AppState): MenuSection[] {
  return commandSections.map(({ label, groups }) => ({
    label,
    groups: groups.map((group) =>
      group.map((command) => {
        const keys = accelerator(command)
        return {
          command: command.id,
          label: command.label,
          ...(keys === undefined ? {} : { accelerator: keys }),
          enabled: command.enabled(state)
        }
      })
    )
  }))
}
