import { countParameters } from '@core/arch/count/count'
import { writeConfig } from '@core/arch/write-config'
import { FormatError } from '@core/formats/format-error'
import { parsedBy } from '@core/formats/problems'
import { type BenchSpec, benchForm } from '@core/lab/kinds/bench'
import { benchName, readBench } from '@core/lab/kinds/bench-result'
import { z } from 'zod'
import { besideSpec } from '../../train/models'
import { architectureOf, trainSpecSchema } from '../../train/spec'
import type { RunReader, SweepKind } from './kind'

const schema = z
  .strictObject({
    model: z.string().min(1).optional(),
    architecture: trainSpecSchema.shape.architecture,
    seconds: z.number().positive().max(3600).default(3)
  })
  .refine(({ model, architecture }) => (model === undefined) !== (architecture === undefined), {
    error: "expected 'model' or 'architecture', one of them"
  })

/** Speeds of models, or of shapes whose weights mean nothing; beside no other run of a sweep on that machine. */
export const bench: SweepKind = {
  kind: benchForm.kind,
  help: `bench     {"model", "seconds": 3}, or {"architecture", "seconds": 3} as of train: tokens/s of decode and
            prefill, while no other run of a sweep computes on that machine`,
  read: async (spec, reader) => {
    const asked = parsedBy(schema, spec, '')
    const { architecture, named, models } = await readMeasured(asked, reader)
    const { total, active } = countParameters(architecture)
    const { name: backend, threads } = reader.backend
    const milliseconds = Math.max(1, Math.round(1000 * asked.seconds))
    const run: BenchSpec = { on: { backend, threads }, milliseconds, ...named }
    return {
      run: { kind: benchForm.kind, spec: run },
      stem: benchForm.stem(run),
      asked,
      size: { total, active: active.all, flops: null },
      files: [],
      models
    }
  },
  figures: async (files, { total, active }) => {
    const bytes = await files.read(benchName)
    if (!bytes) throw new FormatError(`${benchName} is missing`)
    const { decode, prefill, machine, versions } = readBench(bytes)
    return {
      total,
      active,
      decode_tokens_per_s: decode.median,
      decode_tokens_per_s_low: decode.low,
      decode_tokens_per_s_high: decode.high,
      prefill_tokens_per_s: prefill.median,
      prefill_tokens_per_s_low: prefill.low,
      prefill_tokens_per_s_high: prefill.high,
      machine,
      ...Object.fromEntries(Object.entries(versions).map(([name, version]) => [`version_${name}`, version]))
    }
  }
}

/** The model or the architecture of a spec, as runs name it. */
async function readMeasured({ model, architecture: asked }: z.infer<typeof schema>, { path, models }: RunReader) {
  if (model === undefined) {
    const architecture = architectureOf(asked)
    return { architecture, named: { architecture: writeConfig(architecture) }, models: [] }
  }
  const name = besideSpec(model, path, models.ids)
  const { model: opened, reference } = await models.refer(name)
  const { weights } = reference
  return { architecture: opened.architecture, named: { model: { id: model, weights } }, models: [{ name, weights }] }
}
