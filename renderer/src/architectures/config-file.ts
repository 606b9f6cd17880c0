/** A Hugging Face config.json from outside, which the screen of architectures shows. */
import { isObject } from '@core/arch/describe/config-keys'
import { otherFile } from '@core/arch/describe/other-files'
import { parseJson } from '@core/formats/json'

import { messageOf } from '@core/reason'
import { z } from 'zod'
import { type OpenedFile, textOf } from '../host/host'
import type { App } from '../state/app'
import { longestConfig, openedId } from './choices'

/** Most bytes of a config.json; those that are published take some thousands. */
const maxBytes = 1024 * 1024

/** The marks of a config.json among all files that can be opened: its kind, its class, or other programs' sizes. */
const configSchema = z
  .looseObject({ format: z.undefined().optional() })
  .refine(
    ({ model_type: kind, architectures, dim, n_layers: layers }) =>
      typeof kind === 'string' ||
      Array.isArray(architectures) ||
      (typeof dim === 'number' && typeof layers === 'number')
  )

/** Names that say that a file is to be a configuration, whatever is in it. */
const configName = /config[^/\\]*\.json$/i

/** Names of what lies beside a config.json in the folder of a checkpoint. */
const besideName = /(config|index|tokenizer|params)[^/\\]*\.json$/i

/**
 * A file as a config.json; undefined when it is another file. Throws an error for one that is called so and cannot be
 * one: no JSON, or without its kind, as are the configurations of tokenizers and of generating text.
 */
export async function readConfig(file: OpenedFile): Promise<Record<string, unknown> | undefined> {
  if (file.size > maxBytes) return undefined
  const named = configName.test(file.name)
  let value: unknown
  try {
    value = parseJson(await textOf(file), 'it')
  } catch (error) {
    if (named) throw new Error(`expected JSON, found another text: ${messageOf(error)}`, { cause: error })
    return undefined
  }
  const strange = isObject(value) && !hasFormat(value) && !('model_type' in value) ? value : undefined
  const other = strange && besideName.test(file.name) ? otherFile(strange) : undefined
  if (other !== undefined) throw new Error(other)
  const config = configSchema.safeParse(value).data
  if (config || !named || hasFormat(value)) return config
  throw new Error(`expected the config.json of a model, with its model_type; found ${keysOf(value)}`)
}

/** Documents that say what they are say it better than their names. */
function hasFormat(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'format' in value
}

function keysOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'no object'
  const keys = Object.keys(value)
  return keys.length === 0
    ? 'an empty object'
    : `the keys ${keys.slice(0, 5).join(', ')}${keys.length > 5 ? ', …' : ''}`
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
