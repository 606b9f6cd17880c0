import type { App } from '../state/app'
import { duplicateStory } from './own-actions'
import { readById } from './tell'

/** Opens a copy of a built-in story in the editor, as the user's own. */
export async function copyBuiltIn(app: App, id: string): Promise<void> {
  await duplicateStory(app, await readById(app, id))
}
