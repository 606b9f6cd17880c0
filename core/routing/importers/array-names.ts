/** The order that names give to arrays: `arr_0`, `router_logits.3`, `model.layers.12.mlp.gate`. */
import { FormatError } from '../../formats/format-error'

export interface Numbered<T> {
  readonly item: T
  /** The number by which its name differs from the others; of a single one the first in its name, or 0. */
  readonly number: number
}

/**
 * Arrays in the order of the numbers in their names: of several numbers, the first in which the names differ. Throws a
 * `FormatError` when names have no such number.
 */
export function inOrderOfNumbers<T extends { readonly name: string }>(items: readonly T[]): Numbered<T>[] {
  const [only] = items
  if (items.length === 1 && only) return [{ item: only, number: Number(/\d+/.exec(shortName(only.name))?.[0] ?? 0) }]
  // NumPy puts the file's name before a colon.
  const numbers = items.map(({ name }) => (shortName(name).match(/\d+/g) ?? []).map(Number))
  const places = numbers[0]?.length ?? 0
  for (let place = 0; place < places; place++) {
    const found = numbers.map((each) => each[place])
    if (new Set(found).size === items.length && found.every((number) => number !== undefined)) {
      return items.map((item, i) => ({ item, number: found[i] ?? 0 })).sort((a, b) => a.number - b.number)
    }
  }
  const names = items.slice(0, 4).map(({ name }) => `'${shortName(name)}'`)
  throw new FormatError(`the names ${names.join(', ')}: expected a number in each that tells their order`)
}

/** A name without the file's, which members of archives have before it, and without `.npy`. */
export function shortName(name: string): string {
  return name
    .slice(name.lastIndexOf(': ') + 1)
    .trim()
    .replace(/\.npy$/, '')
}
