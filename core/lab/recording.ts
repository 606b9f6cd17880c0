/** A model reads a text, and what its routers decide is recorded: the work that several kinds of runs share. */
import type { z } from 'zod'
import { moeLayers, moeShape } from '../arch/architecture'
import { createWorld, domainIds, generateCorpus } from '../corpus'
import { createDecoder } from '../generate/decoder'
import type { RunnableModel } from '../model/runnable-model'
import { routerOf } from '../routers'
import { recordText } from '../routing/record-text'
import type { RecorderOptions } from '../routing/recorder'
import type { RoutingRows, Trace } from '../routing/trace'
import { traceFile, wholeSequence } from '../routing/trace-file'
import { requireKnown } from '../tokenizers/tokenizer'
import type { RunContext } from './kind'
import type { RecordedText, recordedLogitsSchema } from './recorded-text'

export interface Recording {
  readonly text: RecordedText
  readonly logits: z.infer<typeof recordedLogitsSchema>
  /** Stretches that an earlier recording of the same has read, in order, from the first token on. */
  readonly kept?: readonly RoutingRows[]
  /** From 0 to 1, with the tokens that are read, and of these the trace. */
  readonly onProgress: (done: number, tokens: number, trace: Trace) => void
}

/**
 * Bytes of a trace file of what the routers of a model decide. Of a dense model it has no layers, and the logits
 * alone. Throws a `RangeError` for no text, and for characters or tokens that the model does not know; and what `turn`
 * throws.
 */
export async function recordTrace(
  { backend, turn }: Pick<RunContext<never>, 'backend' | 'turn'>,
  model: RunnableModel,
  { text, logits, kept, onProgress }: Recording
): Promise<Uint8Array<ArrayBuffer>> {
  const { id, architecture, tokenizer } = model
  const layers = moeLayers(architecture)
  const [shape] = layers.map((layer) => moeShape(architecture, layer))
  const read = tokensOf(model, text)
  const count = read.tokenIds.length
  if (count === 0) throw new RangeError(`${read.source} is empty: there is nothing to record`)
  const decoder = await createDecoder(backend, model)
  try {
    const trace = await recordText(decoder.prefill, {
      model: id,
      layers,
      experts: shape?.experts ?? 0,
      topK: shape ? routerOf(shape, architecture.width).places : 0,
      ...read,
      logits,
      vocabularySize: architecture.vocabularySize,
      opening: text.kind === 'ids' ? [] : tokenizer.opening,
      context: architecture.context,
      ...(kept && { kept }),
      onRead: (tokens, part) => onProgress(tokens / count, tokens, part),
      turn
    })
    return await bytesOf(traceFile(trace))
  } finally {
    await decoder.release()
  }
}

/** A text as tokens, and what a trace says of them. */
export type ReadTokens = Pick<
  RecorderOptions,
  'source' | 'tokenIds' | 'tokens' | 'domains' | 'domainIds' | 'sequenceStarts'
>

/** The tokens of a text. Throws a `RangeError` for characters or tokens that the model does not know. */
export function tokensOf({ id, tokenizer }: Pick<RunnableModel, 'id' | 'tokenizer'>, text: RecordedText): ReadTokens {
  if (text.kind === 'generated') {
    const { seed, characters } = text
    const corpus = generateCorpus({ world: createWorld(), seed, split: 'validation', characters })
    return {
      source: `generated text, seed ${seed}`,
      tokenIds: Int32Array.from(corpus.tokens),
      tokens: [...tokenizer.decode(corpus.tokens)],
      domains: domainIds,
      domainIds: corpus.domains,
      sequenceStarts: Uint32Array.from(corpus.documentStarts)
    }
  }
  const { source } = text
  const given = (tokenIds: Int32Array): ReadTokens => ({
    source,
    tokenIds,
    tokens: Array.from(tokenIds, tokenizer.tokenText),
    domains: [],
    domainIds: undefined,
    sequenceStarts: wholeSequence(tokenIds.length)
  })
  if (text.kind === 'ids') {
    const unknown = text.ids.find((token) => token >= tokenizer.size)
    if (unknown !== undefined) {
      throw new RangeError(`${source}: model '${id}' has ${tokenizer.size} tokens, from 0 on, and no token ${unknown}`)
    }
    return given(Int32Array.from(text.ids))
  }
  requireKnown(tokenizer, text.text, { source, model: id })
  return given(tokenizer.encode(text.text))
}

/** The bytes of a file that is written in parts. */
export async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const all: Uint8Array<ArrayBuffer>[] = []
  for await (const part of parts) all.push(new Uint8Array(part))
  return new Uint8Array(await new Blob(all).arrayBuffer())
}
