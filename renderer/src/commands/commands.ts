/** Everything that the user can do, in the order of menus and help sheet. */
import { helpCommands, lookCommands, settingsCommands, undoCommands } from './app-commands'
import type { Command } from './command'
import { pairCommands, promptCommands, sectionCommands } from './compare-commands'
import { openCommands, saveCommands } from './file-commands'
import { routingCommands } from './routing-commands'
import { paceCommands, runCommands, trainingCommands } from './run-commands'

/** The commands by section and, within it, in groups. */
export const commandSections = [
  { label: 'File', groups: [openCommands, saveCommands] },
  { label: 'Edit', groups: [undoCommands, settingsCommands] },
  { label: 'Run', groups: [runCommands, paceCommands, trainingCommands] },
  { label: 'Compare', groups: [pairCommands, promptCommands, sectionCommands] },
  { label: 'Routing', groups: [routingCommands] },
  { label: 'View', groups: [lookCommands] },
  { label: 'Help', groups: [helpCommands] }
] as const

export type CommandId = (typeof commandSections)[number]['groups'][number][number]['id']

export const commands: readonly Command[] = commandSections.flatMap(({ groups }) =>
  groups.flatMap((group) => [...group])
)

/** The command of an id; undefined for an id that comes from outside and means nothing. */
export function findCommand(id: string): Command | undefined {
  return commands.find((each) => each.id === id)
}

/** The command of an id. */
export function commandOf(id: CommandId): Command {
  const found = findCommand(id)
  if (!found) throw new Error(`there is no command '${id}'`)
  return found
}
