/** `moescope trace record`: what the routers of a model decide on a text. */
import { byteSource } from '@core/formats/byte-source'
import type { RecordSpec } from '@core/lab/kinds/record'
import { traceName } from '@core/lab/kinds/record'
import { createMemoryStore } from '@core/lab/memory-store'
import { openTraceFile } from '@core/routing/trace-file'
import { z } from 'zod'
import { compute } from '../terminal/compute'
import { interruptible, UsageError } from '../terminal/errors'
import { parseJson, readExisting } from '../terminal/files'
import { openModelStore } from '../terminal/model-store'
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
  const { model, reference } = await (await openModelStore(terminal.modelsFolder)).refer(name)
  const read = await readExisting(source)
  const signal = terminal.interruption()
  const file = await openOutput(out, terminal)
  const progress = createProgress(terminal, `reading ${source}`)
  const spec: RecordSpec = {
    model: reference,
    text:
      idsPath === undefined
        ? { kind: 'text', text: new TextDecoder().decode(read), source }
        : { kind: 'ids', ids: parseJson(source, read, idsSchema), source },
    logits: values.logits ? 'all' : 'none'
  }
  const files = createMemoryStore().files('record')
  const recorded = compute(
    { kind: 'record', spec },
    {
      backend: nativeBackend(threads),
      files,
      openModel: async () => model,
      signal,
      onProgress: (done) => progress.update(done, 1)
    }
  )
  await interruptible(signal, recorded.finally(progress.end))
  const content = (await files.read(traceName)) ?? new Uint8Array()
  const bytes = await file.write(content)
  const trace = await openTraceFile(byteSource(traceName, content))
  const { layers, experts, topK: top_k, tokenCount: tokens } = trace
  const summary = { model: name, out, tokens, layers, experts, top_k, bytes }
  const { paint } = terminal
  file.tell(
    values.json
      ? `${JSON.stringify(summary)}\n`
      : `${paint.bold(file.name)}: ${tokens} tokens of ${source}, ` +
          (experts > 0
            ? `${layers.length} MoE layers of ${paint.moe(name)}, top-${top_k} of ${experts} experts\n`
            : `no experts: ${paint.dense(name)} is dense\n`)
  )
}
