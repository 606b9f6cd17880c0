import { currentEdition, type Edition } from '@core/corpus/edition'
import type { z } from 'zod'
import { defaultPrompts } from '../compare/choices'
import { labOf, trainingChoicesSchema } from '../lab/choices'
import { type Choices, choicesSchema, defaultChoices } from './choices'
import { earlierCorpusRemark, editionSchema } from './edition'

type Key = keyof Choices
const keys = Object.keys(defaultChoices) as Key[]

/** Names in older links that are settings of the machine now; such links still open. */
const retired = ['theme', 'backend', 'threads']

/** Most characters of a link's fragment: mail and chat programs cut longer ones, and no one can look through them. */
export const longestLink = 16_000

/** Names what a link was too long for. */
const leftOutName = 'left_out'

/** Names the edition that the shipped models were of when the link was made. */
const editionName = 'edition'

/**
 * Choices as the fragment of a link, without '#': the view, the edition of the shipped models, and what differs from the defaults, readable where it can be.
 * Values that make it longer than `longestLink` are left out, the longest first, and named.
 */
export function writeLink(choices: Choices): string {
  const parameters = new URLSearchParams({ view: choices.view, [editionName]: String(currentEdition) })
  for (const key of keys) {
    const value = choices[key]
    if (key === 'view' || JSON.stringify(value) === JSON.stringify(defaultChoices[key])) continue
    parameters.set(key, typeof value === 'string' ? value : JSON.stringify(value))
  }
  const length = (name: string) => new URLSearchParams({ [name]: parameters.get(name) ?? '' }).toString().length
  const longest = [...parameters.keys()]
    .filter((name) => name !== 'view' && name !== editionName)
    .toSorted((a, b) => length(b) - length(a))
  const leftOut: string[] = []
  for (const name of longest) {
    if (parameters.toString().length <= longestLink) break
    parameters.delete(name)
    leftOut.push(name)
    parameters.set(leftOutName, leftOut.join(' '))
  }
  return parameters.toString()
}

export interface ReadLink {
  readonly choices: Choices
  /** Names in the link that mean nothing here or whose values could not be read; those have their defaults. */
  readonly unreadable: readonly string[]
  /** Names of what the link was too long for; those have their defaults, too. */
  readonly leftOut: readonly string[]
  /** Of the shipped models when it was made; the first where it says nothing, as links of that time. */
  readonly edition: Edition
}

/** Reads a fragment that `writeLink` wrote; undefined when it is empty. A link that names no view is a comparison. */
export function readLink(fragment: string): ReadLink | undefined {
  const text = fragment.replace(/^#/, '')
  if (text === '') return undefined
  const parameters = new URLSearchParams(text)
  const leftOut = parameters.get(leftOutName)?.split(' ') ?? []
  parameters.delete(leftOutName)
  const named = editionSchema.safeParse(Number(parameters.get(editionName) ?? 1))
  const edition = named.data ?? currentEdition
  const unreadable: string[] = named.success ? [] : [editionName]
  parameters.delete(editionName)
  let choices: Choices = { ...defaultChoices, view: 'compare', prompt: defaultPrompts[edition] }
  for (const [name, value] of parameters) {
    if (retired.includes(name)) continue
    if (name === 'training') {
      // Links from before there were several at a time.
      const read = readChoice(name, trainingChoicesSchema, json(value))
      if (read.value !== undefined) choices = { ...choices, lab: labOf(trainingChoicesSchema.parse(read.value)) }
      unreadable.push(...read.unreadable)
      continue
    }
    const key = keys.find((each) => each === name)
    const given = name === 'view' && value === 'train' ? 'lab' : value
    const text = key && typeof defaultChoices[key] === 'string'
    const read = key && readChoice(key, choicesSchema.shape[key], text ? given : json(given))
    if (read?.value !== undefined) choices = { ...choices, [name]: read.value }
    unreadable.push(...(read?.unreadable ?? [name]))
  }
  return { choices, unreadable, leftOut, edition }
}

/** A sentence for everything that a link could not say. */
export function linkWarnings({ unreadable, leftOut, edition }: ReadLink): string[] {
  const remark = earlierCorpusRemark('The link', edition)
  return [
    ...(remark ? [remark] : []),
    ...(unreadable.length > 0
      ? [
          `The link has settings that cannot be read: ${unreadable.join(', ')}. They have their defaults; ` +
            'if a newer Moescope made the link, open it there.'
        ]
      : []),
    ...(leftOut.length > 0 ? [`The link was too long for this, which has its default: ${leftOut.join(', ')}.`] : [])
  ]
}

interface ReadChoice {
  /** Absent where nothing of it could be read. */
  readonly value?: unknown
  readonly unreadable: readonly string[]
}

/** Reads one choice; of a group whatever can be read, the rest named like `inspection.page`. */
function readChoice(key: string, schema: z.ZodType, value: unknown): ReadChoice {
  const whole = schema.safeParse(value)
  if (!isGroup(value)) return whole.success ? { value: whole.data, unreadable: [] } : { unreadable: [key] }
  const isKnown = (name: string) => {
    const read = whole.success ? whole : schema.safeParse({ [name]: value[name] })
    return read.success && isGroup(read.data) && name in read.data
  }
  const unreadable = Object.keys(value).filter((name) => !isKnown(name))
  const known = schema.safeParse(Object.fromEntries(Object.entries(value).filter(([name]) => isKnown(name))))
  if (!known.success) return { unreadable: [key] }
  return { value: known.data, unreadable: unreadable.map((name) => `${key}.${name}`) }
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of JSON text; NaN, which no setting accepts, for text that is none. */
function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return Number.NaN
  }
}
