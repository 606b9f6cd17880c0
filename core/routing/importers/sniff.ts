/** Recognises a file by its container. */
import { type ByteSource, exactBytes } from '../../formats/byte-source'
import type { FiledTensor } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { beginsAsGzip, gunzip } from '../../formats/inflate'
import { arraysOfJson } from '../../formats/json-arrays'
import { beginsAsNpy, indexNpy, objectsOfNpy } from '../../formats/npy'
import { beginsAsParquet, openParquet } from '../../formats/parquet'
import type { PickleValue } from '../../formats/pickle'
import { arraysOfPickle } from '../../formats/pickled-arrays'
import { beginsAsSafetensors, indexSafetensors } from '../../formats/safetensors'
import { isFloat } from '../../formats/tensor-data'
import { beginsAsPickle, openPickle, openTorchFile, type TorchFile } from '../../formats/torch-file'
import { beginsAsZip, indexZip, openMember } from '../../formats/zip'
import { type ArrayKind, areCountVectors, areWeights, arrayKind } from './array-kinds'
import type { Sniffed, SniffedContent } from './importer'
import { isRollout } from './rollouts'
import { isRecording } from './sglang-recorder'

const headBytes = 256 * 1024

/**
 * Looks at the beginning of a file and, where it is a container, at the list of its arrays or columns. Rejects with a
 * `FormatError` for a damaged container and for one that cannot hold a trace.
 */
export async function sniff(source: ByteSource): Promise<Sniffed> {
  if (source.size === 0) throw new FormatError(`${source.name} is empty`)
  const head = await exactBytes(source, 0, Math.min(headBytes, source.size), source.name)
  if (beginsAsGzip(head)) return sniff(await gunzip(source))
  return { source, content: await contentOf(source, head) }
}

async function contentOf(source: ByteSource, head: Uint8Array<ArrayBuffer>): Promise<SniffedContent> {
  if (beginsAsNpy(head)) {
    const objects = await objectsOfNpy(source)
    if (objects) return objectArray(source, objects)
    return arrays('.npy', [{ ...(await indexNpy(source)), name: fileName(source) }])
  }
  if (beginsAsZip(head)) return archive(source)
  // Before pickles: the length of a header may begin with the same two bytes.
  if (beginsAsSafetensors(head, source.size)) {
    const { tensors, metadata } = await indexSafetensors(source)
    return arrays('safetensors', [...tensors.values()], metadata)
  }
  if (beginsAsParquet(head)) return { kind: 'parquet', table: await openParquet(source) }
  if (beginsAsPickle(head)) return pickle(source, await openPickle(source))
  // Text has no zero bytes.
  if (head.includes(0)) return { kind: 'unknown', head }
  const text = new TextDecoder().decode(head, { stream: true }).trimStart()
  const found = holdsMatrix(text) ? await arraysOfJson(source) : undefined
  return found ? arrays('JSON', found.tensors, found.metadata) : { kind: 'text', head: text }
}

/** True where JSON text is nested lists of numbers, or has such under names that no format of text gives them. */
function holdsMatrix(text: string): boolean {
  if (/^\[\s*\[\s*[-\d[]/.test(text)) return true
  // A list, or a dict of counts, under the number of each layer.
  if (/^\{\s*("\D*"\s*:\s*\{\s*)?"\D*\d+[^\d"]*"\s*:\s*(\[\s*\d|\{\s*"\d+"\s*:\s*\d)/.test(text)) return true
  return /^\{[^]*?:\s*\[\s*\[\s*[-\d[]/.test(text) && !/"(exp_ids|\w*routed_experts|choices|layer\w*)"\s*:/.test(text)
}

export const knownContainers = 'safetensors, .npy, .npz, a torch .pt file, JSON, JSON lines, CSV or Parquet'

async function archive(source: ByteSource): Promise<SniffedContent> {
  const members = [...(await indexZip(source)).values()]
  if (members.some(({ name }) => name === 'data.pkl' || name.endsWith('/data.pkl'))) {
    return pickle(source, await openTorchFile(source))
  }
  const npy = members.filter(({ name }) => name.endsWith('.npy'))
  if (npy.length === 0) {
    throw new FormatError(`${source.name}: a ZIP archive with neither .npy arrays (.npz) nor data.pkl (torch)`)
  }
  const tensors: FiledTensor[] = []
  for (const member of npy) tensors.push(await indexNpy(await openMember(source, member)))
  return arrays('.npz', tensors)
}

/** A dict, or arrays of several lengths. Rejects with what to do instead where they cannot be read. */
async function objectArray(source: ByteSource, objects: ByteSource): Promise<SniffedContent> {
  try {
    return await pickle(source, await openPickle(objects))
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    return arrays('.npy', [await indexNpy(source)])
  }
}

/** Recordings of SGLang and rollouts say what they are by their keys; any other pickle is its arrays. */
async function pickle(source: ByteSource, file: TorchFile): Promise<SniffedContent> {
  if (isRecording(file.value) || isRollout(file.value)) return { kind: 'torch', file }
  const { tensors, metadata } = await arraysOfPickle(file, fileName(source))
  if (tensors.length === 0) {
    throw new FormatError(
      `${source.name}: a pickle without tensors or arrays of numbers (${contentInWords(file.value)}): expected router ` +
        'logits, chosen experts or counts'
    )
  }
  return arrays('.pt', tensors, metadata)
}

function contentInWords(value: PickleValue): string {
  if (value instanceof Map) return `a dict of ${[...value.keys()].slice(0, 5).map(String).join(', ') || 'nothing'}`
  return Array.isArray(value) ? `a list of ${value.length}` : 'a single value'
}

function fileName({ name }: ByteSource): string {
  const [, last = name] = /([^/\\]+)$/.exec(name) ?? []
  return last
}

async function arrays(
  container: Extract<SniffedContent, { kind: 'arrays' }>['container'],
  tensors: readonly FiledTensor[],
  metadata: Readonly<Record<string, string>> = {}
): Promise<SniffedContent> {
  const own = metadata.format?.startsWith('moescope.') ?? false
  const found = own ? tensors : tensors.map(withoutBatchOfOne)
  const kinds = new Map<FiledTensor, ArrayKind>()
  const vectors = !own && (await areCountVectors(found))
  for (const tensor of found) {
    kinds.set(tensor, vectors ? 'counts' : own || areWeights(tensor) ? 'other' : await arrayKind(tensor))
  }
  return { kind: 'arrays', container, tensors: found, kinds, metadata }
}

/** Ids `[1, layers, tokens, k]` and `[layers, 1, tokens, k]` without the axis of the batch. Of logits it is asked. */
function withoutBatchOfOne(tensor: FiledTensor): FiledTensor {
  const { shape, dtype } = tensor
  const [a, b, ...others] = shape
  if (shape.length !== 4 || a === undefined || b === undefined || isFloat(dtype)) return tensor
  if (a === 1) return { ...tensor, shape: [b, ...others] }
  return b === 1 ? { ...tensor, shape: [a, ...others] } : tensor
}
