/** `moescope trace record`: what the routers of a model decide on a text. */
import { type MoeFeedForward, moeLayers } from '@core/arch/architecture'
import { createDecoder } from '@core/generate/decoder'
import { turnUntil } from '@core/give-way'
import type { RunnableModel } from '@core/model/runnable-model'
import { recordText } from '@core/routing/record-text'
import type { Trace } from '@core/routing/trace'
import { traceFile, wholeSequence } from '@core/routing/trace-file'
import { FailureError, interruptible, UsageError } from '../terminal/errors'
import { readExisting } from '../terminal/files'
import { openModelStore } from '../terminal/model-store'
import { defaultThreads, nativeBackend } from '../terminal/native'
import { readOptions, wholeNumber } from '../terminal/options'
import { openOutput } from '../terminal/output-file'
import { createProgress, type Progress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(
    args,
    {
      text: { type: 'string' },
      out: { type: 'string' },
      logits: { type: 'boolean', default: false },
      threads: { type: 'string', default: String(defaultThreads()) },
      json: { type: 'boolean' }
    },
    ['MODEL']
  )
  const [name = ''] = positionals
  const { text: textPath, out } = values
  if (textPath === undefined) throw new UsageError('--text FILE is missing')
  if (out === undefined) throw new UsageError('--out FILE is missing')
  const threads = wholeNumber('--threads', values.threads, 1, 1024)
  const model = await (await openModelStore(terminal.modelsFolder)).open(name)
  const text = new TextDecoder().decode(await readExisting(textPath))
  const signal = terminal.interruption()
  const file = await openOutput(out, terminal)
  const progress = createProgress(terminal, `reading ${textPath}`)
  const options = { source: textPath, logits: values.logits, threads, progress, signal }
  const trace = await interruptible(signal, record(model, text, options).finally(progress.end))
  const bytes = await file.write(traceFile(trace))
  const { layers, experts, topK: top_k, tokenCount: tokens } = trace
  const summary = { model: name, out, tokens, layers, experts, top_k, bytes }
  const { paint } = terminal
  file.tell(
    values.json
      ? `${JSON.stringify(summary)}\n`
      : `${paint.bold(file.name)}: ${tokens} tokens of ${textPath}, ` +
          `${layers.length} MoE layers of ${paint.moe(name)}, ${top_k} of ${experts} experts each\n`
  )
}

interface RecordOptions {
  readonly source: string
  readonly logits: boolean
  readonly threads: number
  readonly progress: Progress
  readonly signal: AbortSignal
}

async function record(model: RunnableModel, text: string, options: RecordOptions): Promise<Trace> {
  const { architecture, tokenizer } = model
  const layers = moeLayers(architecture)
  const [shape] = layers.map((layer) => architecture.layers[layer]?.feedForward as MoeFeedForward)
  if (!shape) throw new FailureError(`model '${model.id}' is dense: it has no router to record`)
  if (text === '') throw new FailureError(`${options.source} is empty: there is nothing to record`)
  const unknown = tokenizer.unknownCharacters(text)
  if (unknown.length > 0) {
    const named = unknown.slice(0, 8).map((character) => JSON.stringify(character))
    throw new FailureError(
      `${options.source} has characters that model '${model.id}' does not know: ${named.join(', ')}`
    )
  }
  const [newline = 0] = tokenizer.encode('\n')
  const tokenIds = Int32Array.from(tokenizer.encode(text))
  const decoder = await createDecoder(nativeBackend(options.threads), model)
  try {
    return await recordText(decoder.prefill, {
      model: model.id,
      source: options.source,
      layers,
      experts: shape.experts,
      topK: shape.topK,
      tokenIds,
      tokens: Array.from(tokenIds, (id) => tokenizer.tokenText(id)),
      domains: [],
      domainIds: undefined,
      sequenceStarts: wholeSequence(tokenIds.length),
      logits: options.logits ? 'all' : 'none',
      vocabularySize: architecture.vocabularySize,
      newline,
      context: architecture.context,
      onProgress: (done) => options.progress.update(done, tokenIds.length),
      turn: turnUntil(options.signal)
    })
  } finally {
    await decoder.release()
  }
}
