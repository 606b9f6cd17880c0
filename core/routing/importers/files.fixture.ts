/** Files for the tests of the importers. */
import { byteSource } from '../../formats/byte-source'
import { numpyFiles } from '../../formats/numpy.fixture'
import { parquetFiles } from '../../formats/parquet.fixture'
import { pickledFiles } from '../../formats/pickled.fixture'
import { type StoredTensor, writeSafetensors } from '../../formats/safetensors'
import { torchFiles } from '../../formats/torch.fixture'
import { type TraceColumns, traceColumns } from '../trace'
import { type OpenOptions, openRouting } from './open'

export const numpyFile = (name: keyof typeof numpyFiles) => bytesOf(numpyFiles[name])
export const parquetFile = (name: keyof typeof parquetFiles) => bytesOf(parquetFiles[name])
export const pickledFile = (name: keyof typeof pickledFiles) => bytesOf(pickledFiles[name])
export const torchFile = (name: keyof typeof torchFiles) => bytesOf(torchFiles[name])

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

/** Sizes of the arrays in the fixtures. */
export const tokens = 6
export const layers = 3
export const experts = 8

/** Of the fixtures: the logit of an expert, and the expert of a rank. */
export const logitAt = (token: number, layer: number, expert: number) => ((7 * token + 3 * layer + 5 * expert) % 11) / 4
export const idAt = (token: number, layer: number, rank: number) => (3 * token + 5 * layer + 2 * rank) % 8

/** `[tokens, layers, k]` of a function of them. */
export function grid(count: number, layerCount: number, k: number, value: (t: number, l: number, r: number) => number) {
  return Array.from({ length: count * layerCount * k }, (_, i) => {
    const row = Math.floor(i / k)
    return value(Math.floor(row / layerCount), row % layerCount, i % k)
  })
}

/** The ids of the fixtures, `[tokens, layers, 2]`. */
export const fixtureIds = grid(tokens, layers, 2, idAt)

export function sourceOf(content: Uint8Array | string, name = 'file') {
  return byteSource(name, typeof content === 'string' ? new TextEncoder().encode(content) : content)
}

/** Opens a file and reads all of it. */
export async function openedTrace(content: Uint8Array | string, options: OpenOptions = {}): Promise<TraceColumns> {
  const routing = await openRouting(sourceOf(content), options)
  if (routing.kind !== 'trace') throw new Error('expected a trace')
  return traceColumns(routing)
}

export function safetensors(tensors: Record<string, StoredTensor>, metadata: Record<string, string> = {}): Uint8Array {
  return writeSafetensors(Object.entries(tensors), metadata)
}
