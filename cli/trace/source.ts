/** Opening routing of any format for as long as a command needs it. */
import type { ByteSource } from '@core/formats/byte-source'
import { FormatError } from '@core/formats/format-error'
import { AnswerError, type QuestionId, type Routing } from '@core/routing/importers/importer'
import { type OpenOptions, openRouting } from '@core/routing/importers/open'
import { FailureError, interruptible } from '../terminal/errors'
import { openFileSource } from '../terminal/file-source'
import { createProgress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'
import { explained } from './answers'

export interface SourceOptions extends Omit<OpenOptions, 'progress'> {
  /** Hears which answers the file does not ask for; they are left out. Without it such an answer is wrong usage. */
  readonly onUnasked?: ((ids: readonly QuestionId[]) => void) | undefined
}

/**
 * Opens a file for as long as `use` needs it. Rejects with a `FailureError` that names the file when it is missing,
 * cannot be read, or is damaged, wherever in it that is found; with a `UsageError` when it needs another answer, which
 * is told before; with an `InterruptionError` for the reason of the signal; and as `use` does.
 */
export async function withRouting<Result>(
  path: string,
  { signal, ...options }: SourceOptions,
  terminal: Terminal,
  use: (routing: Routing) => Promise<Result>
): Promise<Result> {
  return interruptible(signal, withSource(path, { signal, ...options }, terminal, use))
}

async function withSource<Result>(
  path: string,
  { onUnasked, ...options }: SourceOptions,
  terminal: Terminal,
  use: (routing: Routing) => Promise<Result>
): Promise<Result> {
  const source = await openFileSource(path)
  try {
    const reading = createProgress(terminal, `reading ${path}`)
    const opening = openAsked(source, { ...options, progress: reading.update }, onUnasked).finally(reading.end)
    const routing = await opening.catch((error: unknown) => {
      throw explained(error, path, terminal)
    })
    return await use(withName(routing, path))
  } finally {
    await source.close()
  }
}

/** A trace whose damage is told with the name of its file: two may be read at once. */
function withName(routing: Routing, path: string): Routing {
  if (routing.kind === 'counts') return routing
  return {
    ...routing,
    rows: async (...part) => {
      try {
        return await routing.rows(...part)
      } catch (error) {
        if (error instanceof FormatError) throw new FailureError(`${path}: ${error.message}`, { cause: error })
        throw error
      }
    }
  }
}

async function openAsked(
  source: ByteSource,
  options: OpenOptions,
  onUnasked: SourceOptions['onUnasked']
): Promise<Routing> {
  try {
    return await openRouting(source, options)
  } catch (error) {
    if (!onUnasked || !(error instanceof AnswerError)) throw error
    const asked = new Set(error.questions.map(({ id }) => id))
    const given = Object.entries(options.answers ?? {}) as [QuestionId, number | string][]
    const unasked = given.flatMap(([id]) => (asked.has(id) ? [] : [id]))
    if (unasked.length === 0) throw error
    onUnasked(unasked)
    return openRouting(source, { ...options, answers: Object.fromEntries(given.filter(([id]) => asked.has(id))) })
  }
}
