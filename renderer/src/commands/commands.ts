/** Everything that the user can do, in the order of menus and help sheet. */

import type { Command } from '../state/command'
import { helpCommands, lookCommands, settingsCommands, undoCommands, viewCommands } from './app-commands'
import { pairCommands, promptCommands, scoreCommands, sectionCommands } from './compare-commands'
import { openCommands, saveCommands } from './file-commands'
import { routingCommands } from './routing-commands'
import { paceCommands, runCommands, trainingCommands } from './run-commands'

/** The commands by section and, within it, in groups. */
export const commandSections = [
  { label: 'File', groups: [openCommands, saveCommands] },
  { label: 'Edit', groups: [undoCommands, settingsCommands] },
  { label: 'Run', groups: [runCommands, paceCommands, trainingCommands] },
  { label: 'Compare', groups: [pairCommands, promptCommands, scoreCommands, sectionCommands] },
  { label: 'Routing', groups: [routingCommands] },
  { label: 'View', groups: [viewCommands, lookCommands] },
  { label: 'Help', groups: [helpCommands] }
] as const

/** All of them. */
export const commands: readonly Command[] = commandSections.flatMap(({ groups }) =>
  groups.flatMap((group) => [...group])
)
