/** Schemas of the values of config.json keys; their errors say what was expected and what was found. */
import { z } from 'zod'

/** The keys of an object from outside. */
export type Keys = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A word from outside; empty for any other value. */
export function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The first class that `architectures` names. */
export function classOf({ architectures }: Keys): string | undefined {
  const [name] = Array.isArray(architectures) ? architectures : [architectures]
  return typeof name === 'string' ? name.slice(0, 100) : undefined
}

/** A value as an error shows it, cut where it is long. */
export function found(input: unknown): string {
  // JSON has no words for these, and would say null.
  const text = input === undefined ? 'nothing' : typeof input === 'number' ? String(input) : JSON.stringify(input)
  return text.length > 80 ? `${text.slice(0, 80)}...` : text
}

/** The error of a schema: what was expected, and what was found. */
export const expected = (what: string) => ({
  error: ({ input }: { input?: unknown }) => `expected ${what}, found ${found(input)}`
})

export const size = z.int(expected('a positive integer')).min(1, expected('a positive integer'))
export const count = z.int(expected('an integer of 0 or more')).min(0, expected('an integer of 0 or more'))
/** Bounded, so that a wrong file cannot hang its reader. */
export const layerCount = size.max(10_000, expected('at most 10000'))
export const positive = z.number(expected('a positive number')).positive(expected('a positive number'))
export const flag = z.boolean(expected('true or false'))
