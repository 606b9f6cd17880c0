import { type MoeFeedForward, moeLayers } from '@core/arch/architecture'
import { createWorld, domainIds, generateCorpus } from '@core/corpus'
import { createDecoder } from '@core/generate/decoder'
import { turnUntil } from '@core/give-way'
import { openModel } from '@core/model/runnable-model'
import { recordText } from '@core/routing/record-text'
import { type TraceColumns, traceColumns } from '@core/routing/trace'
import type { Backend } from '@core/runtime/backend'
import type { RecordRequest } from './protocol'

/** Records what the routers of a model decide on generated text of the validation split. Throws for a dense model. */
export async function recordTrace(
  backend: Backend,
  { model: { id, files }, characters, seed }: RecordRequest,
  onProgress: (done: number) => void,
  signal: AbortSignal
): Promise<TraceColumns> {
  const model = await openModel(id, files)
  const { architecture, tokenizer } = model
  const layers = moeLayers(architecture)
  const [shape] = layers.map((layer) => architecture.layers[layer]?.feedForward as MoeFeedForward)
  if (!shape) throw new Error(`${id} is dense: it has no router to record`)
  const corpus = generateCorpus({ world: createWorld(), seed, split: 'validation', characters })
  const decoder = await createDecoder(backend, model)
  try {
    const trace = await recordText(decoder.prefill, {
      model: id,
      source: `generated text, seed ${seed}`,
      layers,
      experts: shape.experts,
      topK: shape.topK,
      tokenIds: Int32Array.from(corpus.tokens),
      tokens: Array.from(corpus.tokens, (id) => tokenizer.tokenText(id)),
      domains: domainIds,
      domainIds: corpus.domains,
      sequenceStarts: Uint32Array.from(corpus.documentStarts),
      logits: 'routers',
      vocabularySize: architecture.vocabularySize,
      newline: tokenizer.encode('\n')[0] ?? 0,
      context: architecture.context,
      onProgress: (done) => onProgress(done / corpus.tokens.length),
      turn: turnUntil(signal)
    })
    return await traceColumns(trace)
  } finally {
    await decoder.release()
  }
}
