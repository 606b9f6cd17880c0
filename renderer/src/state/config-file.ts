/** A Hugging Face config.json from outside, which the screen of architectures shows. */
import { z } from 'zod'
import { type OpenedFile, textOf } from '../host/host'
import type { App } from './app'
import { longestConfig, openedId } from './architecture-choices'

/** Most bytes of a config.json; those that are published take some thousands. */
const mostBytes = 1024 * 1024

/** What every config.json says, and no other file that can be opened: what kind of model it is. */
const configSchema = z.looseObject({ model_type: z.string(), format: z.undefined().optional() })

/** A file as a config.json; undefined when it is another file. */
export async function readConfig(file: OpenedFile): Promise<Record<string, unknown> | undefined> {
  if (file.size > mostBytes) return undefined
  try {
    return configSchema.safeParse(JSON.parse(await textOf(file))).data
  } catch {
    return undefined
  }
}

/**
 * Shows a config.json, and says so. It is kept with what is chosen, so that links and undo restore it. Throws an error
 * for one that is too long for that.
 */
export function openConfig({ store, choose }: App, name: string, config: Record<string, unknown>): string {
  const { length } = JSON.stringify(config)
  if (length > longestConfig) {
    throw new Error(`expected a config.json of at most ${longestConfig} characters, found ${length}`)
  }
  choose({
    view: 'architectures',
    architectures: {
      ...store.getState().choices.architectures,
      screen: 'one',
      model: openedId,
      changes: {},
      opened: { name: name.slice(0, 300), config, bestEffort: false }
    }
  })
  return `${name} is open: an architecture.`
}
