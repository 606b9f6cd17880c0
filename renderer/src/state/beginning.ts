/** The first choices and settings: those of the last session, or of a link. */

import { messageOf } from '@core/reason'
import { defaultPrompts } from '../compare/choices'
import type { DocumentName, Host } from '../host/host'
import type { ToldSince } from '../stories/state'
import type { Chosen } from './app-state'
import { type Choices, defaultChoices } from './choices'
import { linkWarnings, readLink, writeLink } from './link'
import { defaultSettings } from './settings'
import { readVersioned, settingsFormat, stateFormat, type VersionedFormat } from './versioned'

/** The choices, settings and warnings that an app begins with. */
export interface Beginning extends Partial<Chosen> {
  readonly warnings?: readonly string[]
  readonly crash?: string | undefined
  readonly continuable?: boolean
  /** Of a talk that goes on. */
  readonly toldSince?: ToldSince | undefined
  /** True of a second window. */
  readonly following?: boolean
}

/**
 * Reads what was kept. Nothing in it is fatal: what cannot be read is set aside, and a warning says so. The front page
 * comes first, unless a link says where to begin or the last session did not end by itself.
 * @param fragment of the page's address
 */
export async function recallBeginning(host: Host, fragment: string): Promise<Beginning> {
  const [settings, state, storage, crash] = await Promise.all([
    recall(host, 'settings', settingsFormat),
    recall(host, 'state', stateFormat),
    host.storage(),
    host.lastCrash().catch(() => null)
  ])
  const link = readLink(fragment)
  const warnings = [settings.warning, state.warning].filter((each) => each !== undefined)
  if (storage.problem !== null) {
    warnings.push(`Nothing will be kept beyond this session: ${storage.problem}.`)
  }
  const kept = state.value?.choices
  // The page is opened again: what it kept says all that its address says, and what was too long for it.
  const isOwn = kept !== undefined && `#${writeLink(kept)}` === fragment
  if (link && !isOwn) warnings.push(...linkWarnings(link))
  const goesOn = isOwn || (crash !== null && link === undefined)
  const fresh = { ...defaultChoices, seed: settings.value?.settings.seed ?? defaultChoices.seed }
  const restored = kept && (crash === null ? { ...kept, view: 'home' as const, prompt: promptOfToday(kept) } : kept)
  return {
    settings: settings.value?.settings ?? defaultSettings,
    choices: (isOwn ? kept : link?.choices) ?? restored ?? fresh,
    toldSince: goesOn ? recent(state.value?.toldSince) : undefined,
    warnings,
    crash: crash ?? undefined,
    continuable: kept !== undefined && link === undefined
  }
}

/** The clock of a talk; undefined once its chapter is so long ago that it is another talk. */
function recent(clock: ToldSince | undefined): ToldSince | undefined {
  return clock && Date.now() - clock.chapter < longestPause ? clock : undefined
}

/** Longer than any chapter lasts (ms). */
const longestPause = 3_600_000

/** The first prompt of an earlier edition was nobody's choice, and the models of today do not know its words. */
function promptOfToday({ prompt }: Choices): string {
  return Object.values(defaultPrompts).includes(prompt) ? defaultChoices.prompt : prompt
}

interface Recalled<T> {
  readonly value?: T
  /** Message for the user. */
  readonly warning?: string
}

async function recall<T>(host: Host, name: DocumentName, format: VersionedFormat<T>): Promise<Recalled<T>> {
  const lost = (reason: string, place: string) => ({
    warning: `The stored ${name} could not be read (${reason}). What was there is kept as ${place}.`
  })
  try {
    const found = await host.recall(name)
    if (found === null) return {}
    if ('damaged' in found) return lost(found.damaged, found.setAside)
    try {
      return { value: readVersioned(format, found.value) }
    } catch (error) {
      return lost(messageOf(error), await host.setAside(name))
    }
  } catch (error) {
    return { warning: `The stored ${name} could not be read: ${messageOf(error)}.` }
  }
}
