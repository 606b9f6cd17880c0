/** `moescope trace record`: what the routers of a model decide on a text. */
import { rm } from 'node:fs/promises'
import { byteSource } from '@core/formats/byte-source'
import type { RecordSpec } from '@core/lab/kinds/record'
import { traceName } from '@core/lab/kinds/record'
import { readStreamResult, type StreamSpec, streamResultName } from '@core/lab/kinds/stream'
import { createMemoryStore } from '@core/lab/memory-store'
import { openTraceFile } from '@core/routing/trace-file'
import type { Backend } from '@core/runtime/backend'
import { z } from 'zod'
import { heldText } from '../../node/hold'
import { holdRun, runFiles } from '../../node/run-folder'
import { compute } from '../terminal/compute'
import { FailureError, interruptible, UsageError } from '../terminal/errors'
import { ensureWritableFolder, parseJson, readExisting } from '../terminal/files'
import { fits, needText } from '../terminal/memory'
import { type ModelStore, openModelStore } from '../terminal/model-store'
import { defaultThreads, nativeBackend } from '../terminal/native'
import { readOptions, wholeNumber } from '../terminal/options'
import { openOutput } from '../terminal/output-file'
import { createProgress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'

const idsSchema = z.array(z.int().nonnegative())

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(
    args,
    {
      text: { type: 'string' },
      ids: { type: 'string' },
      out: { type: 'string' },
      logits: { type: 'boolean', default: false },
      stream: { type: 'boolean', default: false },
      threads: { type: 'string', default: String(defaultThreads()) },
      json: { type: 'boolean' }
    },
    ['MODEL']
  )
  const [name = ''] = positionals
  const { text: textPath, ids: idsPath, out } = values
  const source = textPath ?? idsPath
  if (source === undefined) throw new UsageError('--text FILE or --ids FILE is missing')
  if (textPath !== undefined && idsPath !== undefined) throw new UsageError('expected --text or --ids, found both')
  if (out === undefined) throw new UsageError('--out FILE is missing')
  const threads = wholeNumber('--threads', values.threads, 1, 1024)
  const store = await openModelStore(terminal.modelsFolder)
  const need = values.stream ? undefined : await store.memory(name)
  const isStreamed = values.stream || (need !== undefined && !fits(need))
  if (need && isStreamed) terminal.tell(`${name} is read layer by layer: ${needText(need)}\n`)
  const read = await readExisting(source)
  const recording: Recording = {
    name,
    store,
    text:
      idsPath === undefined
        ? { kind: 'text', text: new TextDecoder().decode(read), source }
        : { kind: 'ids', ids: parseJson(source, read, idsSchema), source },
    logits: values.logits ? 'all' : 'none',
    backend: nativeBackend(threads),
    signal: terminal.interruption(),
    out
  }
  const file = await openOutput(out, terminal)
  const progress = createProgress(terminal, `reading ${source}`)
  const onProgress = (done: number, detail: string) => progress.update(done, 1, isStreamed ? detail : '')
  const begun = performance.now()
  const recorded = (isStreamed ? recordStreamed : recordWhole)(recording, onProgress)
  const { content, ...facts } = await interruptible(recording.signal, recorded.finally(progress.end))
  const bytes = await file.write(content)
  await facts.written?.()
  const trace = await openTraceFile(byteSource(traceName, content))
  const { layers, experts, topK: top_k, tokenCount: tokens } = trace
  const summary = {
    model: name,
    out,
    tokens,
    layers,
    experts,
    top_k,
    bytes,
    streamed: isStreamed,
    ...(facts.loss !== undefined && { loss: facts.loss, resumed_layers: facts.resumedLayers }),
    // In kilobytes, says Node, of the whole process.
    peak_bytes: process.resourceUsage().maxRSS * 1024,
    seconds: (performance.now() - begun) / 1000
  }
  const { paint } = terminal
  const streamed = facts.loss === undefined || facts.loss === null ? '' : `, ${facts.loss.toFixed(4)} nats per token`
  file.tell(
    values.json
      ? `${JSON.stringify(summary)}\n`
      : `${paint.bold(file.name)}: ${tokens} tokens of ${source}, ` +
          (experts > 0
            ? `${layers.length} MoE layers of ${paint.moe(name)}, top-${top_k} of ${experts} experts`
            : `no experts: ${paint.dense(name)} is dense`) +
          `${streamed}\n`
  )
}

interface Recording {
  readonly name: string
  readonly store: ModelStore
  readonly text: RecordSpec['text']
  readonly logits: RecordSpec['logits']
  readonly backend: Backend
  readonly signal: AbortSignal
  readonly out: string
}

interface Recorded {
  readonly content: Uint8Array
  /** Nats per token of a text that was streamed; null for one of a single token. */
  readonly loss?: number | null
  /** Layers that an earlier, interrupted pass had done. */
  readonly resumedLayers?: number
  /** To be called once the trace is written. */
  readonly written?: () => Promise<void>
}

type OnProgress = (done: number, detail: string) => void

async function recordWhole(recording: Recording, onProgress: OnProgress): Promise<Recorded> {
  const { name, store, text, logits, backend, signal } = recording
  const { model, reference } = await store.refer(name)
  const files = createMemoryStore().files('record')
  const spec: RecordSpec = { model: reference, text, logits }
  await compute({ kind: 'record', spec }, { backend, files, openModel: async () => model, signal, onProgress })
  return { content: (await files.read(traceName)) ?? new Uint8Array() }
}

/** Keeps what is done beside the trace, in `OUT.parts`, until the trace is written. */
async function recordStreamed(recording: Recording, onProgress: OnProgress): Promise<Recorded> {
  const { name, store, text, logits, backend, signal, out } = recording
  const { model, reference, close } = await store.file(name)
  const folder = `${out === '-' ? 'trace' : out}.parts`
  try {
    await ensureWritableFolder(folder)
    const hold = await holdRun(folder)
    if (!hold) throw new FailureError(await heldText(folder))
    const files = runFiles(folder)
    try {
      // A trace that is there already may be of something else.
      await files.remove(traceName)
      const spec: StreamSpec = { model: reference, text, logits }
      await compute({ kind: 'stream', spec }, { backend, files, openFiled: async () => model, signal, onProgress })
      const { loss, resumed_layers: resumedLayers } = readStreamResult(
        (await files.read(streamResultName)) ?? new Uint8Array()
      )
      const content = (await files.read(traceName)) ?? new Uint8Array()
      return { content, loss, resumedLayers, written: () => rm(folder, { recursive: true, force: true }) }
    } finally {
      await hold.release()
    }
  } finally {
    await close()
  }
}
