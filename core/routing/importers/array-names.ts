/** The order that names give to arrays: `arr_0`, `router_logits.3`, `model.layers.12.mlp.gate`. */
import { FormatError } from '../../formats/format-error'

export interface Numbered<T> {
  readonly item: T
  /** The number by which its name differs from the others; of a single one the number of its layer, or 0. */
  readonly number: number
}

/**
 * Arrays in the order of the numbers in their names: of several numbers, the first in which the names differ. Throws a
 * `FormatError` when names have no such number.
 */
export function inOrderOfNumbers<T extends { readonly name: string }>(items: readonly T[]): Numbered<T>[] {
  const [only] = items
  if (items.length === 1 && only) return [{ item: only, number: layerInName(only.name) ?? 0 }]
  // NumPy puts the file's name before a colon.
  const numbers = items.map(({ name }) => numbersIn(name))
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

/** Arrays whose names have two numbers, one of which is that of the layer: `layers.3.gate.0`, `pass_0_layer_3`. */
export interface NumberedTwice<T> {
  /** `[first numbers][second numbers]` */
  readonly rows: readonly (readonly T[])[]
  readonly firsts: readonly number[]
  readonly seconds: readonly number[]
  /** Which number is the layer's, where a word before it says so. */
  readonly layers: 'first' | 'second' | undefined
}

/**
 * Arrays by the two numbers in which their names differ; undefined where they differ in another way, or where a pair of
 * numbers has no array. Names that are all of the same layer, `layers.3.gate.0`, count as differing in it, too.
 */
export function inOrderOfTwoNumbers<T extends { readonly name: string }>(
  items: readonly T[]
): NumberedTwice<T> | undefined {
  const numbers = items.map(({ name }) => numbersIn(name))
  const width = numbers[0]?.length ?? 0
  if (items.length < 2 || width < 2 || numbers.some((each) => each.length !== width)) return undefined
  const layerPlace = layerPlaceOf(items[0]?.name ?? '')
  const varying = Array.from({ length: width }, (_, place) => place).filter(
    (place) => place === layerPlace || new Set(numbers.map((each) => each[place])).size > 1
  )
  const [first, second, ...others] = varying
  if (first === undefined || second === undefined || others.length > 0) return undefined
  const cells = new Map(items.map((item, i) => [`${numbers[i]?.[first]} ${numbers[i]?.[second]}`, item]))
  const distinct = (place: number) => [...new Set(numbers.map((each) => each[place] ?? 0))].sort((a, b) => a - b)
  const [firsts, seconds] = [distinct(first), distinct(second)]
  if (firsts.length * seconds.length !== items.length || cells.size !== items.length) return undefined
  const rows = firsts.map((a) => seconds.flatMap((b) => cells.get(`${a} ${b}`) ?? []))
  if (layerPlace !== first && layerPlace !== second) return { rows, firsts, seconds, layers: undefined }
  return { rows, firsts, seconds, layers: layerPlace === first ? 'first' : 'second' }
}

/** The number after a word for a layer in a name; undefined where there is none. */
export function layerInName(name: string): number | undefined {
  const found = /layers?[^a-z\d]*(\d+)/i.exec(shortName(name))?.[1]
  return found === undefined ? undefined : Number(found)
}

/** The note for a single array whose name gives its layer; none for others. */
export function layerNotes(items: readonly { readonly name: string }[]): string[] {
  const [only] = items
  const layer = items.length === 1 && only ? layerInName(only.name) : undefined
  return layer === undefined ? [] : [`The layer, ${layer}, is the number in the name '${shortName(only?.name ?? '')}'.`]
}

/** Which of the numbers in a name follows a word for a layer. */
function layerPlaceOf(name: string): number | undefined {
  const before = shortName(name).split(/\d+/).slice(0, -1)
  const place = before.findIndex((text) => /(layers?|blocks?)[^a-z\d]*$/i.test(text))
  return place >= 0 ? place : undefined
}

function numbersIn(name: string): number[] {
  return (shortName(name).match(/\d+/g) ?? []).map(Number)
}

/** A name without the file's, which members of archives have before it, and without `.npy`. */
export function shortName(name: string): string {
  return name
    .slice(name.lastIndexOf(': ') + 1)
    .trim()
    .replace(/\.npy$/, '')
}
