import { createRandom } from '../random'
import type { Corpus } from './generate'

/** Windows of text for next-character prediction: `targets` is `tokens` one character later. */
export interface Windows {
  readonly count: number
  /** Characters of one window. */
  readonly context: number
  /** [count, context] */
  readonly tokens: Int32Array
  /** [count, context] */
  readonly targets: Int32Array
  /** Index in `domainIds` of each target's domain, or `uncounted`; [count, context]. */
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

/**
 * Training batches: windows that begin with the newline before a document, drawn uniformly with replacement. A model
 * so learns that a newline begins a document, and pays for its first character, which says the domain. A batch depends
 * on the seed and its step alone, so that an interrupted run goes on from any step with the batches it would have
 * seen. Throws a RangeError when no document has `context` characters from its start to the end of the corpus.
 */
export function createBatches(corpus: Corpus, { context, batch, seed }: BatchOptions): (step: number) => Windows {
  const eligible = eligibleStarts(corpus, context)
  return (step) => {
    const random = createRandom(seed, `corpus/batch ${step}`)
    return cutWindows(
      corpus,
      Int32Array.from({ length: batch }, () => eligible[random.integer(eligible.length)] ?? 0),
      context
    )
  }
}

/**
 * Windows for validation: each begins with the newline before the first document that the one before did not hold
 * whole. Every document of up to `context` characters so stands whole in exactly one window and only there are its
 * characters counted (`domains` is `uncounted` elsewhere), so that the expected loss of a perfect model over the
 * counted targets is exactly the floor. Throws a RangeError as `createBatches`, and when no document is counted.
 */
export function validationWindows(corpus: Corpus, context: number): Windows {
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
  const windows = cutWindows(corpus, Int32Array.from(starts), context)
  const domains = new Uint8Array(windows.domains.length).fill(uncounted)
  for (const { window, from, to } of whole) {
    const [begin, end] = [window * context + from, window * context + to]
    domains.set(windows.domains.subarray(begin, end), begin)
  }
  return { ...windows, domains }
}

/** Starts of documents, but of the first, that are followed by a whole window's targets. */
function eligibleStarts({ tokens, documentStarts }: Corpus, context: number): Int32Array {
  const eligible = documentStarts.filter((start) => start > 0 && start + context <= tokens.length)
  if (eligible.length > 0) return eligible
  throw new RangeError(
    `Corpus of ${tokens.length} characters is too short for windows of ${context} characters after its first ` +
      'document; generate more characters or choose a shorter context'
  )
}

/** Windows whose first target is the first character of a document. */
function cutWindows(corpus: Corpus, starts: Int32Array, context: number): Windows {
  const count = starts.length
  const tokens = new Int32Array(count * context)
  const targets = new Int32Array(count * context)
  const domains = new Uint8Array(count * context)
  starts.forEach((start, window) => {
    tokens.set(corpus.tokens.subarray(start - 1, start - 1 + context), window * context)
    targets.set(corpus.tokens.subarray(start, start + context), window * context)
    domains.set(corpus.domains.subarray(start, start + context), window * context)
  })
  return { count, context, tokens, targets, domains }
}
