import { type Choices, choicesSchema, defaultChoices } from './choices'

type Key = keyof Choices
const keys = Object.keys(defaultChoices) as Key[]

/** Choices as the fragment of a link, without '#': what differs from the defaults, readable where it can be. */
export function writeLink(choices: Choices): string {
  const parameters = new URLSearchParams()
  for (const key of keys) {
    const value = choices[key]
    if (JSON.stringify(value) === JSON.stringify(defaultChoices[key])) continue
    parameters.set(key, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return parameters.toString()
}

export interface ReadLink {
  readonly choices: Choices
  /** Settings that the link holds but that could not be read; they have their defaults. */
  readonly unreadable: readonly string[]
}

/** Reads a fragment that `writeLink` wrote; undefined when it is empty. */
export function readLink(fragment: string): ReadLink | undefined {
  const text = fragment.replace(/^#/, '')
  if (text === '') return undefined
  let choices = defaultChoices
  const unreadable: string[] = []
  for (const [name, value] of new URLSearchParams(text)) {
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
