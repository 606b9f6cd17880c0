/**
 * The records of a JSON file: a list, one on each line, or a list within an object, whose other keys are a record of their
 * own. One of several layers is taken apart: `{"token": 5, "layers": {"0": [1, 2]}}` or `[{"layer": 0, "experts": ...}]`.
 */
import { z } from 'zod'
import { parsedBy } from '../../formats/problems'
import type { ReadOptions, Sniffed } from './importer'
import { nameIn, type RecordName, recordNames } from './record-names'
import { type OnCut, readResponses } from './responses'

export type Values = Readonly<Record<string, unknown>>

export interface FileRecord {
  /** Its place in the file, for messages. */
  readonly place: string
  readonly record: Values
}

const object = z.record(z.string(), z.unknown())

/** All records, one after the other. Rejects with a `FormatError` for what is no JSON or no object, naming its place. */
export async function* recordsOf(file: Sniffed, options: ReadOptions, onCut: OnCut): AsyncGenerator<FileRecord> {
  for await (const { place, value } of readResponses(file, options, onCut)) {
    const record = parsedBy(object, value, place)
    const key = listIn(record)
    const list = key === undefined ? undefined : record[key]
    if (key === undefined || !Array.isArray(list)) {
      yield* byLayer(record, place)
      continue
    }
    yield { place, record: { ...record, [key]: undefined } }
    for (const [i, each] of list.entries()) {
      const at = `${place}${key}[${i}].`
      yield* byLayer(parsedBy(object, each, at), at)
    }
  }
}

/** The key of the records in an object around them; undefined for a record. */
function listIn(record: Values): string | undefined {
  const isRecord = [...recordNames.layer, ...recordNames.token, ...recordNames.tokenId].some((name) => name in record)
  if (isRecord) return undefined
  const keys = Object.keys(record).filter((key) => {
    const value = record[key]
    return Array.isArray(value) && isObject(value[0])
  })
  return keys.length === 1 ? keys[0] : undefined
}

/** A record for each layer of one that has several; the record itself where it has not. */
function* byLayer(record: Values, place: string): Generator<FileRecord> {
  const key = nameIn((name) => isObject(record[name]) || isObject(firstOf(record[name])), 'ofLayers')
  const layers = key === undefined ? undefined : record[key]
  if (key === undefined || !(Array.isArray(layers) || isObject(layers))) {
    yield { place, record }
    return
  }
  const rest = Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
  const list = isListName(key) ? key : (recordNames.experts.at(-2) ?? key)
  for (const [name, inner] of Object.entries(layers)) {
    const layer = Array.isArray(layers) ? undefined : layerIn(name)
    const found = isObject(inner) ? inner : { [list]: inner }
    yield { place: `${place}${key}.${name}.`, record: { ...rest, ...(layer !== undefined && { layer }), ...found } }
  }
}

function isListName(key: string): boolean {
  const lists: readonly string[] = [...recordNames.experts, ...recordNames.counts, ...recordNames.logits]
  return lists.includes(key)
}

/** The number of a layer in a name, such as `model.layers.3.mlp.experts` or `3`; undefined where there is none. */
export function layerIn(name: string): number | undefined {
  const found = /(?:^|layers?[._ ]?)(\d+)/i.exec(name)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** The number under the first of a thing's names. */
export function numberOf(record: Values, name: RecordName): number | undefined {
  const key = nameIn((each) => typeof record[each] === 'number', name)
  return key === undefined ? undefined : Number(record[key])
}

/** The place of a record: its layer, and its token where it is of one. */
export function whereOf(record: Values) {
  return {
    layer: numberOf(record, 'layer') ?? layerNamed(record),
    token: numberOf(record, 'token'),
    tokenId: numberOf(record, 'tokenId')
  }
}

/** The layer in the name of a module, such as `model.layers.3.mlp.experts`; undefined where there is none. */
function layerNamed(record: Values): number | undefined {
  const names = [...recordNames.layer, ...recordNames.module].map((name) => record[name])
  return names.map((name) => (typeof name === 'string' ? layerIn(name) : undefined)).find((each) => each !== undefined)
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
