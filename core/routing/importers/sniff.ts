/** What a file is, as far as its container tells. */
import { type ByteSource, exactBytes } from '../../formats/byte-source'
import type { FiledTensor } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { beginsAsNpy, indexNpy } from '../../formats/npy'
import { beginsAsParquet, openParquet } from '../../formats/parquet'
import { beginsAsSafetensors, indexSafetensors } from '../../formats/safetensors'
import { barePickleError, beginsAsPickle, openTorchFile } from '../../formats/torch-file'
import { beginsAsZip, indexZip, openMember } from '../../formats/zip'
import type { Sniffed, SniffedContent } from './importer'

const headBytes = 256 * 1024

/**
 * Looks at the beginning of a file and, where it is a container, at the list of its arrays or columns. Rejects with a
 * `FormatError` for a damaged container and for one that cannot hold a trace.
 */
export async function sniff(source: ByteSource): Promise<Sniffed> {
  if (source.size === 0) throw new FormatError(`${source.name} is empty`)
  const head = await exactBytes(source, 0, Math.min(headBytes, source.size), source.name)
  return { source, content: await contentOf(source, head) }
}

async function contentOf(source: ByteSource, head: Uint8Array<ArrayBuffer>): Promise<SniffedContent> {
  if (beginsAsNpy(head)) {
    const [, name = source.name] = /([^/\\]+)$/.exec(source.name) ?? []
    return arrays('.npy', [{ ...(await indexNpy(source)), name }])
  }
  if (beginsAsZip(head)) return archive(source)
  // Before pickles: the length of a header may begin with the same two bytes.
  if (beginsAsSafetensors(head, source.size)) {
    const { tensors, metadata } = await indexSafetensors(source)
    return arrays('safetensors', [...tensors.values()], metadata)
  }
  if (beginsAsParquet(head)) return { kind: 'parquet', table: await openParquet(source) }
  if (beginsAsPickle(head)) throw barePickleError(source.name)
  // Text has no zero bytes.
  if (head.includes(0)) return { kind: 'unknown' }
  return { kind: 'text', head: new TextDecoder().decode(head, { stream: true }).trimStart() }
}

export const knownContainers = 'safetensors, .npy, .npz, a torch .pt file, JSON, JSON lines, CSV or Parquet'

async function archive(source: ByteSource): Promise<SniffedContent> {
  const members = [...(await indexZip(source)).values()]
  if (members.some(({ name }) => name === 'data.pkl' || name.endsWith('/data.pkl'))) {
    return { kind: 'torch', file: await openTorchFile(source) }
  }
  const npy = members.filter(({ name }) => name.endsWith('.npy'))
  if (npy.length === 0) {
    throw new FormatError(`${source.name}: a ZIP archive with neither .npy arrays (.npz) nor data.pkl (torch)`)
  }
  const tensors: FiledTensor[] = []
  for (const member of npy) tensors.push(await indexNpy(await openMember(source, member)))
  return arrays('.npz', tensors)
}

function arrays(
  container: 'safetensors' | '.npy' | '.npz',
  tensors: readonly FiledTensor[],
  metadata: Readonly<Record<string, string>> = {}
): SniffedContent {
  return { kind: 'arrays', container, tensors, metadata }
}
