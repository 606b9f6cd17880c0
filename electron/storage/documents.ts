/** The page's documents, kept as one JSON file each. */
import { readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FormatError } from '@core/formats/format-error'
import { parseJson } from '@core/formats/json'
import { codeOf, reasonOf } from '../../node/reason'
import { writeWhole } from '../../node/whole-file'
import type { DocumentName, RecalledDocument } from '../channels'
import type { Turns } from './turns'

/** Every call waits for those before it on the same document. */
export interface Documents {
  /** The value of a document; one that is not JSON is set aside, and null means that there is none. */
  recall(name: DocumentName): Promise<RecalledDocument>
  /** Writes a document whole or not at all; of several stores the last one asked for stays. */
  store(name: DocumentName, value: unknown): Promise<void>
  /** Moves a document aside; where it went. Throws when there is none. */
  setAside(name: DocumentName): Promise<string>
}

/** Documents in a folder, which is made when something is stored. */
export function createDocuments(folder: string, turns: Turns): Documents {
  const pathOf = (name: DocumentName) => join(folder, `${name}.json`)
  const inTurn = <T>(name: DocumentName, act: (path: string) => Promise<T>) =>
    turns.take(pathOf(name), () => act(pathOf(name)))
  return {
    recall: (name) => inTurn(name, recallFrom),
    store: (name, value) => inTurn(name, (path) => writeWhole(path, textOf(path, value))),
    setAside: (name) => inTurn(name, moveAside)
  }
}

async function recallFrom(path: string): Promise<RecalledDocument> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
    return { value: parseJson(text, path) }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    const isDamaged =
      error instanceof FormatError || ['EISDIR', 'ERR_ENCODING_INVALID_ENCODED_DATA'].includes(codeOf(error) ?? '')
    if (!isDamaged) throw new Error(`cannot read ${path}: ${reasonOf(error)}`, { cause: error })
    return { damaged: reasonOf(error), setAside: await moveAside(path) }
  }
}

function textOf(path: string, value: unknown): string {
  try {
    return `${JSON.stringify(value, null, 1)}\n`
  } catch (error) {
    throw new Error(`cannot write ${path}: the value is not JSON: ${reasonOf(error)}`, { cause: error })
  }
}

async function moveAside(path: string): Promise<string> {
  const aside = await freeName(path.replace(/\.json$/, `.damaged-${new Date().toISOString().replaceAll(':', '-')}`))
  try {
    await rename(path, aside)
    return aside
  } catch (error) {
    throw new Error(`cannot set ${path} aside as ${aside}: ${reasonOf(error)}`, { cause: error })
  }
}

async function freeName(start: string): Promise<string> {
  for (let n = 1; ; n++) {
    const path = n === 1 ? `${start}.json` : `${start}-${n}.json`
    const found = await stat(path).catch(() => undefined)
    if (!found) return path
  }
}
