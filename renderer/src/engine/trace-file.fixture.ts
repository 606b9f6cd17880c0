import type { Trace } from '@core/routing/trace'
import { traceFile } from '@core/routing/trace-file'
import { type OpenedFile, openedFile } from '../host/host'

/** A trace as a file that the page holds. */
export async function traceFileOf(name: string, trace: Trace): Promise<OpenedFile> {
  const parts: BlobPart[] = []
  for await (const part of traceFile(trace)) parts.push(new Uint8Array(part))
  return openedFile(new File(parts, name))
}
