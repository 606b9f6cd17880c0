/** A text that a user gives, as windows to be measured. */
import type { Architecture } from '../arch/architecture'
import { ownDomain, textDomainIds, uncounted, type Windows } from '../corpus'
import { readingWindows } from '../corpus/reading-windows'
import { requireKnown, type Tokenizer } from '../tokenizers/tokenizer'

export interface TextWindows extends Windows {
  /** Bytes in UTF-8 of what is predicted: losses of models with different tokenizers compare by them. */
  readonly bytes: number
}

/** Most tokens of a window: attention over more costs time, and hardly lowers the loss of a text as long as a page. */
const mostTokens = 512

/**
 * All of a text, in windows of a model's context or of 512 tokens: each goes on with the last half of the one before it
 * (`readingWindows`), and every token is predicted once, but for the first of a model whose texts nothing opens. Throws a
 * `RangeError` that names `source` for a text of fewer than two tokens, and for characters that the model does not know.
 */
export function textWindows(
  {
    id,
    architecture,
    tokenizer
  }: { readonly id: string; readonly architecture: Architecture; readonly tokenizer: Tokenizer },
  text: string,
  source: string
): TextWindows {
  requireKnown(tokenizer, text, { source, model: id })
  const { opening } = tokenizer
  const tokens = [...opening, ...tokenizer.encode(text)]
  if (tokens.length - opening.length < 2) throw new RangeError(`${source} is too short: expected two tokens or more`)
  const context = Math.min(architecture.context, mostTokens)
  const rows = readingWindows(tokens.slice(0, -1), opening[0] ?? -1, context)
  const filled = (value: number) => new Int32Array(rows.length * context).fill(value)
  const windows = {
    tokens: filled(0),
    targets: filled(0),
    domains: new Uint8Array(rows.length * context).fill(uncounted)
  }
  const own = textDomainIds.indexOf(ownDomain)
  for (const [row, { start, from, end }] of rows.entries()) {
    windows.tokens.set(tokens.slice(start, end), row * context)
    windows.targets.set(tokens.slice(start + 1, end + 1), row * context)
    windows.domains.fill(own, row * context + from - start, row * context + end - start)
  }
  const whole = new TextEncoder().encode(text).length
  const first = opening.length > 0 ? '' : tokenizer.decode(tokens.slice(0, 1))
  return { count: rows.length, context, ...windows, bytes: whole - new TextEncoder().encode(first).length }
}
