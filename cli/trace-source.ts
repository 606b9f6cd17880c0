import { FormatError } from '@core/formats/format-error'
import type { Trace } from '@core/routing/trace'
import { openTraceFile } from '@core/routing/trace-file'
import { FailureError } from './errors'
import { openFileSource } from './file-source'

/**
 * Opens a trace for as long as `use` needs it. Rejects with a `FailureError` that names the file when it is missing,
 * cannot be read, or is damaged, wherever in it that is found; and as `use` does.
 */
export async function withTrace<Result>(path: string, use: (trace: Trace) => Promise<Result>): Promise<Result> {
  const source = await openFileSource(path)
  try {
    return await use(await openTraceFile(source))
  } catch (error) {
    if (error instanceof FormatError) throw new FailureError(`${path}: ${error.message}`, { cause: error })
    throw error
  } finally {
    await source.close()
  }
}
