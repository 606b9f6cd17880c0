import { firstAbove } from '../first-above'
import { createRandom } from '../random'
import type { Text } from './generate'

/** Windows of text for next-character prediction: `targets` is `tokens` one character later. */
export interface Windows {
  readonly count: number
  /** Characters of one window. */
  readonly context: number
  /** [count, context] */
  readonly tokens: Int32Array
  /** [count, context] */
  readonly targets: Int32Array
  /** Index in `textDomainIds` of each target's domain, or `uncounted`; [count, context]. */
  readonly domains: Uint8Array
}

/** In `Windows.domains`: a target whose loss is not to be counted, because its document is cut or counted elsewhere. */
export const uncounted = 255

export interface BatchOptions {
  /** Characters of one window. */
  readonly context: number
  /** Windows of one batch. */
  readonly batch: number
  readonly seed: number
}

/** One of several texts that windows are drawn from. */
export interface TextPart {
  readonly text: Text
  /** Windows begin with the newline before a document, or with any character. */
  readonly from: 'documents' | 'anywhere'
  /** Part of all windows; the shares of all parts add up to 1. */
  readonly share: number
}

/**
 * Training batches: windows drawn uniformly with replacement, which begin with the newline before a document unless
 * a part of several texts says otherwise. A model so learns that a newline begins a document, and pays for its first
 * character, which says the domain. A batch depends on the seed and its step alone, so that an interrupted run goes on
 * from any step with the batches it would have seen. Throws a RangeError when a text has no place for a window of
 * `context` characters.
 */
export function createBatches(
  text: Text | readonly TextPart[],
  { context, batch, seed }: BatchOptions
): (step: number) => Windows {
  const parts: readonly TextPart[] = 'tokens' in text ? [{ text, from: 'documents', share: 1 }] : text
  let sum = 0
  const cumulative = parts.map(({ share }) => (sum += share))
  const sources = parts.map((part) => ({ text: part.text, starts: startsIn(part, context) }))
  return (step) => {
    const random = createRandom(seed, `corpus/batch ${step}`)
    const picks = Array.from({ length: batch }, () => {
      // One text alone leaves nothing to be drawn.
      const source = sources[sources.length === 1 ? 0 : firstAbove(cumulative, random.uniform())]
      if (!source) throw new RangeError('windows are drawn from no text')
      return { text: source.text, start: source.starts[random.integer(source.starts.length)] ?? 0 }
    })
    return cutWindows(picks, context)
  }
}

function startsIn({ text, from }: TextPart, context: number): Int32Array {
  if (from === 'documents') return eligibleStarts(text, context)
  requireWindow(text, context)
  return Int32Array.from({ length: text.tokens.length - context }, (_, i) => i + 1)
}

/**
 * Windows for validation that follow each other whatever the documents are, so that every character but the first is
 * counted once; the last window reaches back into the one before it. Throws a RangeError for a text without a window.
 */
export function consecutiveWindows(text: Text, context: number): Windows {
  requireWindow(text, context)
  const { length } = text.tokens
  const count = Math.ceil((length - 1) / context)
  const starts = Array.from({ length: count }, (_, i) => Math.min(1 + i * context, length - context))
  const windows = cutWindows(
    starts.map((start) => ({ text, start })),
    context
  )
  const last = (count - 1) * context
  windows.domains.fill(uncounted, last, last + 1 + last - (starts[count - 1] ?? 0))
  return windows
}

function requireWindow({ tokens }: Text, context: number): void {
  if (tokens.length > context) return
  throw new RangeError(
    `a text of ${tokens.length} characters is too short for windows of ${context}: give more text or choose a shorter context`
  )
}

/**
 * Windows for validation: each begins with the newline before the first document that the one before did not hold
 * whole. Every document of up to `context` characters so stands whole in exactly one window and only there are its
 * characters counted (`domains` is `uncounted` elsewhere), so that the expected loss of a perfect model over the
 * counted targets is exactly the floor. Throws a RangeError as `createBatches`, and when no document is counted.
 */
export function validationWindows(corpus: Text, context: number): Windows {
  const { tokens, documentStarts } = corpus
  const last = eligibleStarts(corpus, context).at(-1) ?? 0
  const starts: number[] = []
  const whole: { window: number; from: number; to: number }[] = []
  documentStarts.forEach((start, document) => {
    const end = documentStarts[document + 1] ?? tokens.length
    if (document === 0 || end - start > context) return
    const open = starts.at(-1)
    if (open === undefined || end > open + context) {
      if (start > last) return
      starts.push(start)
    }
    const window = starts.length - 1
    const begin = starts[window] ?? start
    whole.push({ window, from: start - begin, to: end - begin })
  })
  if (whole.length === 0) {
    throw new RangeError(
      `Corpus of ${tokens.length} characters holds no whole document of up to ${context} characters after its first; ` +
        'generate more characters or choose a longer context'
    )
  }
  const windows = cutWindows(
    starts.map((start) => ({ text: corpus, start })),
    context
  )
  const domains = new Uint8Array(windows.domains.length).fill(uncounted)
  for (const { window, from, to } of whole) {
    const [begin, end] = [window * context + from, window * context + to]
    domains.set(windows.domains.subarray(begin, end), begin)
  }
  return { ...windows, domains }
}

/** Starts of documents, but of the first, that are followed by a whole window's targets. */
function eligibleStarts({ tokens, documentStarts }: Text, context: number): Int32Array {
  const eligible = documentStarts.filter((start) => start > 0 && start + context <= tokens.length)
  if (eligible.length > 0) return eligible
  throw new RangeError(
    `Corpus of ${tokens.length} characters is too short for windows of ${context} characters after its first ` +
      'document; generate more characters or choose a shorter context'
  )
}

/** Windows whose first targets are at these positions. */
function cutWindows(picks: readonly { readonly text: Text; readonly start: number }[], context: number): Windows {
  const count = picks.length
  const tokens = new Int32Array(count * context)
  const targets = new Int32Array(count * context)
  const domains = new Uint8Array(count * context)
  picks.forEach(({ text, start }, window) => {
    tokens.set(text.tokens.subarray(start - 1, start - 1 + context), window * context)
    targets.set(text.tokens.subarray(start, start + context), window * context)
    domains.set(text.domains.subarray(start, start + context), window * context)
  })
  return { count, context, tokens, targets, domains }
}
