/** `moescope compress`: the same model smaller, and what that costs. */

import { countParameters } from '@core/arch/count/count'
import { compress, type TransformSpec, transformOf, transforms } from '@core/compress'
import { createCalibration } from '@core/compress/calibration'
import { createLossMeter } from '@core/compress/loss-meter'
import { type StoredModel, storedBytes, storedModelOf } from '@core/compress/stored-model'
import { validationText } from '@core/evaluate/validation-text'
import { createDecoder, type Decoder } from '@core/generate/decoder'
import { decodingSpeeds } from '@core/generate/decoding-speed'
import type { Speed } from '@core/generate/records'
import { type Turn, turnUntil } from '@core/give-way'
import type { RunnableModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import type { DenseFamily } from '@core/scaling/dense-family'
import { type EffectiveJson, effectiveJson, modelWorth } from '@core/scaling/worth'
import { FailureError, interruptible, UsageError } from '../terminal/errors'
import { ensureWritableFolder } from '../terminal/files'
import { openModelStore } from '../terminal/model-store'
import { defaultThreads, nativeBackend } from '../terminal/native'
import { readOptions, wholeNumber } from '../terminal/options'
import { createProgress, type Progress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'
import { type CompressionReport, compressionJson } from './report'
import { saveCompressed } from './save'
import { compressionText } from './text'
import { readTransformOption, transformHelp, transformText } from './transform-option'

export const help = `usage: moescope compress MODEL --with SPEC [--with SPEC ...] [options]

Makes a model smaller by one transform after the other, and measures what that costs: its loss before and after on the
same validation text of its corpus, in nats per character, with the 95 % interval of the paired difference. Transforms
that look at text read other text of the corpus. MODEL is the id of a shipped model or the folder of any other.

  --with SPEC       name:key=value,...; may be given several times, and is applied in this order
  --out DIR         leaves the model there as a Hugging Face checkpoint, with a training.json that says what was done
                    to it and what came out on all of the validation text. Quantised matrices are packed codes with
                    scales (compressed-tensors, 'pack-quantized'), which other software reads where the block divides
                    the inputs of every matrix; all else is float32
  --tokens N        characters of validation text (default 30000)
  --calibration N   characters of text that transforms may look at (default 16384)
  --seed S          of what is drawn at random (default 1)
  --threads N       of the processor (default ${defaultThreads()})
  --json            {model, transform: [{id, ...settings}], bytes: {before, after}, total: {before, after},
                    loss: {before, after, delta, standard_error, low, high, tokens, domains: {name: the same}},
                    tokens_per_s: {before, after}, effective, out}: low and high are the ends of the interval of delta;
                    bytes those of the weights with their scales and zero points; effective the parameters of a dense
                    model of the loss in the model's training.json changed by delta

SPEC is one of these, here with the defaults of their settings:

${transforms.map(transformHelp).join('\n')}
`

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(
    args,
    {
      with: { type: 'string', multiple: true, default: [] as string[] },
      out: { type: 'string' },
      tokens: { type: 'string', default: '30000' },
      calibration: { type: 'string', default: '16384' },
      seed: { type: 'string', default: '1' },
      threads: { type: 'string', default: String(defaultThreads()) },
      json: { type: 'boolean' }
    },
    ['MODEL']
  )
  const [name = ''] = positionals
  const specs = values.with.map(readTransformOption)
  if (specs.length === 0) throw new UsageError("--with is missing: 'rtn:bits=4' rounds the weights to four bits")
  const options: CompressOptions = {
    specs,
    characters: wholeNumber('--tokens', values.tokens, 1, 100_000_000),
    calibration: wholeNumber('--calibration', values.calibration, 1, 100_000_000),
    seed: wholeNumber('--seed', values.seed, 0),
    backend: nativeBackend(wholeNumber('--threads', values.threads, 1, 1024)),
    signal: terminal.interruption()
  }
  const store = await openModelStore(terminal.modelsFolder)
  const model = await store.open(name)
  refuseQuantisedTwice(model, specs)
  if (values.out !== undefined) await ensureWritableFolder(values.out)
  const progress = createProgress(terminal, `compressing ${name}`)
  const { compressed, report } = await interruptible(
    options.signal,
    compressAndMeasure(model, await store.denseFamily(), options, progress.update)
  ).finally(progress.end)
  const saved =
    values.out === undefined
      ? {}
      : { out: values.out, out_bytes: await saveCompressed(values.out, model, compressed, specs, options.backend) }
  const whole = { ...report, ...saved }
  terminal.write(values.json ? `${JSON.stringify(compressionJson(whole))}\n` : compressionText(whole, terminal))
}

interface CompressOptions {
  readonly specs: readonly TransformSpec[]
  readonly characters: number
  readonly calibration: number
  readonly seed: number
  readonly backend: Backend
  readonly signal: AbortSignal
}

/** Throws a `FailureError` for a model that was saved quantised, and would be quantised again. */
function refuseQuantisedTwice({ id, report }: RunnableModel, specs: readonly TransformSpec[]): void {
  const before = report?.compression?.find((each) => transformOf(each.id).quantises)
  const again = specs.find((each) => transformOf(each.id).quantises)
  if (!before || !again) return
  throw new FailureError(
    `model '${id}' is quantised already (${transformText(before)}): give the model that it was made of to ${again.id}`
  )
}

async function compressAndMeasure(
  model: RunnableModel,
  family: DenseFamily,
  { specs, characters, calibration, seed, backend, signal }: CompressOptions,
  onProgress: Progress['update']
): Promise<{ compressed: StoredModel; report: CompressionReport }> {
  const turn = turnUntil(signal)
  const before = storedModelOf(model)
  const steps = specs.length + 3
  onProgress(0, steps, 'loss before')
  const meter = await createLossMeter(backend, model, validationText(model, characters), { turn })
  const text = createCalibration(backend, model, { characters: calibration, seed, turn })
  let compressed = before
  for (const [done, spec] of specs.entries()) {
    onProgress(1 + done, steps, transformText(spec))
    compressed = await compress(compressed, [spec], text)
  }
  onProgress(specs.length + 1, steps, 'loss after')
  const change = await meter.changeOf(compressed)
  onProgress(specs.length + 2, steps, 'speed')
  const [speedBefore, speedAfter] = await speedsOf(backend, [model, { ...model, ...compressed }], turn)
  const totalOf = (each: StoredModel) => countParameters(each.architecture).total
  return {
    compressed,
    report: {
      model: model.id,
      transform: specs,
      bytes: { before: storedBytes(before), after: storedBytes(compressed) },
      total: { before: totalOf(before), after: totalOf(compressed) },
      before: meter.before,
      after: change,
      tokensPerSecond: { before: speedBefore?.median ?? null, after: speedAfter?.median ?? null },
      effective: effectiveOf(model, compressed, family, change.delta)
    }
  }
}

async function speedsOf(backend: Backend, models: readonly RunnableModel[], turn: Turn): Promise<Speed[]> {
  const decoders: Decoder[] = []
  try {
    for (const model of models) decoders.push(await createDecoder(backend, model))
    return await decodingSpeeds(decoders, { turn })
  } finally {
    await Promise.all(decoders.map((each) => each.release()))
  }
}

/** Of the loss in the model's report, which is of more text than is read here, changed by as much as was measured. */
function effectiveOf(
  { report }: RunnableModel,
  { architecture }: StoredModel,
  family: DenseFamily,
  delta: number
): EffectiveJson {
  const result = report && { ...report.result, loss: report.result.loss + delta }
  const reports = report && result ? [{ ...report, result }] : []
  const active = countParameters(architecture).active.all
  return effectiveJson(modelWorth(family, { id: 'the compressed model', active, reports }).total.effective)
}
