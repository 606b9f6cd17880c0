/** `moescope compress`: the same model smaller, and what that costs. */

import { join } from 'node:path'
import { countParameters } from '@core/arch/count/count'
import { baselineOf, compress, isDrawn, type TransformSpec, transformOf, transforms } from '@core/compress'
import { createCalibration } from '@core/compress/calibration'
import { createLossMeter } from '@core/compress/loss-meter'
import { specText } from '@core/compress/spec-text'
import { type StoredModel, storedBytes, storedModelOf } from '@core/compress/stored-model'
import { validationText } from '@core/evaluate/validation-text'
import { createDecoder, type Decoder } from '@core/generate/decoder'
import { decodingSpeeds } from '@core/generate/decoding-speed'
import type { Speed } from '@core/generate/records'
import { type Turn, turnUntil } from '@core/give-way'
import { compressedFiles } from '@core/lab/compressed-files'
import type { ModelReference } from '@core/lab/model-reference'
import type { RunnableModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import type { DenseFamily } from '@core/scaling/dense-family'
import { type EffectiveJson, effectiveJson, modelWorth } from '@core/scaling/worth'
import { FailureError, interruptible, UsageError } from '../terminal/errors'
import { ensureWritableFolder, writeWhole } from '../terminal/files'
import { openModelStore } from '../terminal/model-store'
import { defaultThreads, nativeBackend } from '../terminal/native'
import { readOptions, wholeNumber } from '../terminal/options'
import { createProgress, type Progress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'
import { type CompressionReport, compressionJson, type DrawnLoss } from './report'
import { compressionText } from './text'
import { readTransformOption, transformHelp } from './transform-option'

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
  --seeds N         so many, from S on, with which is measured what chance decides: SPEC where it draws, and beside any
                    other that has one the random baseline of the same size (default 3)
  --threads N       of the processor (default ${defaultThreads()})
  --json            {model, transform: [{id, ...settings}], bytes: {before, after}, total: {before, after},
                    loss: {before, after, delta, standard_error, low, high, tokens, domains: {name: the same}},
                    seeds: [{seed, loss, delta}], baseline: {transform, seeds}, tokens_per_s: {before, after},
                    effective, out}: low and high are the ends of the interval of delta;
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
      seeds: { type: 'string', default: '3' },
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
    seeds: wholeNumber('--seeds', values.seeds, 1, 100),
    backend: nativeBackend(wholeNumber('--threads', values.threads, 1, 1024)),
    signal: terminal.interruption()
  }
  const store = await openModelStore(terminal.modelsFolder)
  const { model, reference } = await store.refer(name)
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
      : { out: values.out, out_bytes: await save(values.out, model, compressed, { ...options, reference }) }
  const whole = { ...report, ...saved }
  terminal.write(values.json ? `${JSON.stringify(compressionJson(whole))}\n` : compressionText(whole, terminal))
}

/** Leaves a compressed model in a folder, and tells the bytes of its model.safetensors. */
async function save(
  folder: string,
  model: RunnableModel,
  compressed: StoredModel,
  { specs: chain, backend, ...options }: CompressOptions & { readonly reference: ModelReference }
): Promise<number> {
  let bytes = 0
  for (const { name, content } of await compressedFiles(backend, model, compressed, { ...options, chain })) {
    await writeWhole(join(folder, name), content)
    if (name === 'model.safetensors') bytes = content.length
  }
  return bytes
}

interface CompressOptions {
  readonly specs: readonly TransformSpec[]
  readonly characters: number
  readonly calibration: number
  readonly seed: number
  readonly seeds: number
  readonly backend: Backend
  readonly signal: AbortSignal
}

/** Throws a `FailureError` for a model that was saved quantised, and would be quantised again. */
function refuseQuantisedTwice({ id, report }: RunnableModel, specs: readonly TransformSpec[]): void {
  const before = report?.compression?.find((each) => transformOf(each.id).quantises)
  const again = specs.find((each) => transformOf(each.id).quantises)
  if (!before || !again) return
  throw new FailureError(
    `model '${id}' is quantised already (${specText(before)}): give the model that it was made of to ${again.id}`
  )
}

async function compressAndMeasure(
  model: RunnableModel,
  family: DenseFamily,
  { specs, characters, calibration, seed, seeds, backend, signal }: CompressOptions,
  onProgress: Progress['update']
): Promise<{ compressed: StoredModel; report: CompressionReport }> {
  const turn = turnUntil(signal)
  const before = storedModelOf(model)
  const baseline = specs.map((spec) => baselineOf(spec) ?? spec)
  const steps = specs.length + 3 + (isDrawn(baseline) ? seeds : 0)
  onProgress(0, steps, 'loss before')
  const meter = await createLossMeter(backend, model, validationText(model, characters), { turn })
  const text = createCalibration(backend, model, { characters: calibration, seed, turn })
  let compressed = before
  for (const [done, spec] of specs.entries()) {
    onProgress(1 + done, steps, specText(spec))
    compressed = await compress(compressed, [spec], text)
  }
  onProgress(specs.length + 1, steps, 'loss after')
  const change = await meter.changeOf(compressed)
  const drawnWith = async (chain: readonly TransformSpec[]): Promise<DrawnLoss[]> => {
    const losses: DrawnLoss[] = []
    for (let each = seed; each < seed + seeds; each++) {
      onProgress(specs.length + 2 + losses.length, steps, `seed ${each}`)
      const { loss, delta } = await meter.changeOf(await compress(before, chain, { ...text, seed: each }))
      losses.push({ seed: each, loss, delta })
    }
    return losses
  }
  const isByChance = isDrawn(specs)
  const byChance = isByChance ? await drawnWith(specs) : []
  const beside = !isByChance && isDrawn(baseline) ? { transform: baseline, seeds: await drawnWith(baseline) } : null
  onProgress(steps - 1, steps, 'speed')
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
      seeds: byChance,
      baseline: beside,
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
