import { type Choices, choicesSchema, defaultChoices } from './choices'

type Key = keyof Choices
const keys = Object.keys(defaultChoices) as Key[]

/** Names in older links that are settings of the machine now; such links still open. */
const retired = ['theme', 'backend', 'threads']

/** Choices as the fragment of a link, without '#': the view and what differs from the defaults, readable where it can be. */
export function writeLink(choices: Choices): string {
  const parameters = new URLSearchParams({ view: choices.view })
  for (const key of keys) {
    const value = choices[key]
    if (key === 'view' || JSON.stringify(value) === JSON.stringify(defaultChoices[key])) continue
    parameters.set(key, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return parameters.toString()
}

export interface ReadLink {
  readonly choices: Choices
  /** Names in the link that mean nothing here or whose values could not be read; those have their defaults. */
  readonly unreadable: readonly string[]
}

/** Reads a fragment that `writeLink` wrote; undefined when it is empty. A link that names no view is a comparison. */
export function readLink(fragment: string): ReadLink | undefined {
  const text = fragment.replace(/^#/, '')
  if (text === '') return undefined
  const parameters = new URLSearchParams(text)
  let choices: Choices = { ...defaultChoices, view: 'compare' }
  const unreadable: string[] = []
  for (const [name, value] of parameters) {
    if (retired.includes(name)) continue
    const key = keys.find((each) => each === name)
    const read =
      key && choicesSchema.shape[key].safeParse(typeof defaultChoices[key] === 'string' ? value : json(value))
    if (key && read?.success) choices = { ...choices, [key]: read.data }
    else unreadable.push(name)
  }
  return { choices, unreadable }
}

/** The value of JSON text; NaN, which no setting accepts, for text that is none. */
function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return Number.NaN
  }
}
