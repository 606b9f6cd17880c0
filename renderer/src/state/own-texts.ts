/** Texts of the user's, kept by their hashes: what is chosen names them, and a training takes its own copy. */
import { sha256 } from '@core/lab/run-id'
import type { Host } from '../host/host'

type Folders = Pick<Host, 'runs'>

/** Its name in its folder, which lies among those of runs. */
const fileName = 'text.txt'

/** Keeps a text. @returns its SHA-256, hexadecimal */
export async function keepText({ runs }: Folders, text: string): Promise<string> {
  const content = new TextEncoder().encode(text)
  const hash = await sha256(content)
  await runs.files(folderOf(hash)).write(fileName, content)
  return hash
}

/** The text of a hash in UTF-8; undefined where it is not kept here. */
export async function keptText({ runs }: Folders, hash: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const content = await runs.files(folderOf(hash)).read(fileName)
  return content && (await sha256(content)) === hash ? content : undefined
}

function folderOf(hash: string): string {
  return `text-${hash.slice(0, 32)}`
}
