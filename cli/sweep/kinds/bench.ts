import { countParameters } from '@core/arch/count/count'
import { writeConfig } from '@core/arch/write-config'
import { parsedBy } from '@core/formats/problems'
import { type BenchSpec, benchForm } from '@core/lab/kinds/bench'
import { benchFigures } from '@core/lab/sweep/figures'
import { architectureOf, trainFileSchema } from '@core/lab/train-file'
import { z } from 'zod'
import { besideSpec } from '../../train/models'
import type { RunReader, SweepKind } from './kind'

const schema = z
  .strictObject({
    model: z.string().min(1).optional(),
    architecture: trainFileSchema.shape.architecture,
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
  figures: benchFigures
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
