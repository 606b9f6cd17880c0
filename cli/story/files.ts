/** Stories that the terminal is given, and the built pages that show them. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FormatError } from '@core/formats/format-error'
import { storyPage } from '@core/stories/page'
import { type ReadStory, readStory, type Story } from '@core/stories/story'
import { FailureError } from '../terminal/errors'
import { readIfThere } from '../terminal/files'
import type { Terminal } from '../terminal/terminal'

const ending = '.moescope-story'

/** The story of a file, or the built-in one of a name. Throws a `FailureError` where nothing of it is whole. */
export async function openStory(name: string, { modelsFolder }: Terminal): Promise<ReadStory> {
  const folder = join(modelsFolder, '../stories')
  const found = (await readIfThere(name)) ?? (await readIfThere(join(folder, `${name}${ending}`)))
  if (!found) {
    const files = await readdir(folder).catch(() => [])
    const names = files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length))
    throw new FailureError(
      `${name} does not exist${names.length > 0 ? `, and is none of the built-in stories: ${names.join(', ')}` : ''}`
    )
  }
  return orFailure(() => readStory(new TextDecoder().decode(found), name))
}

/** The page of a story that plays it (`player`), or that makes its pictures and videos (`exporter`). */
export async function pageOf(story: Story, kind: 'player' | 'exporter', { modelsFolder }: Terminal): Promise<string> {
  const path = join(modelsFolder, '../../out', kind === 'player' ? 'renderer' : kind, `story-${kind}.html`)
  const built = await readIfThere(path)
  if (!built) throw new FailureError(`${path} does not exist: 'npm run build' makes it`)
  return orFailure(() => storyPage(new TextDecoder().decode(built), story))
}

function orFailure<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof FormatError ? new FailureError(error.message, { cause: error }) : error
  }
}
