import { countParameters } from '@core/arch/count/count'
import { parsedBy } from '@core/formats/problems'
import { type CompressSpec, compressForm } from '@core/lab/kinds/compress'
import { compressFigures } from '@core/lab/sweep/figures'
import { z } from 'zod'
import { readTransformOption } from '../../compress/transform-option'
import { besideSpec } from '../../train/models'
import type { SweepKind } from './kind'

const schema = z.strictObject({
  model: z.string().min(1),
  /** As `--with` takes them. */
  with: z.array(z.string()).min(1),
  tokens: z.int().positive().default(30_000),
  calibration: z.int().positive().default(16_384),
  seed: z.int().nonnegative().default(1)
})

/** Losses of models that transforms have made smaller. */
export const compress: SweepKind = {
  kind: compressForm.kind,
  help: `compress  {"model", "with": ["rtn:bits=4", ...], "tokens": 30000, "calibration": 16384, "seed": 1}`,
  read: async (spec, { path, models }) => {
    const asked = parsedBy(schema, spec, '')
    const name = besideSpec(asked.model, path, models.ids)
    const { model, reference } = await models.refer(name)
    const { total, active } = countParameters(model.architecture)
    const compression: CompressSpec = {
      model: { id: asked.model, weights: reference.weights },
      chains: [asked.with.map(readTransformOption)],
      characters: asked.tokens,
      calibration: asked.calibration,
      seed: asked.seed
    }
    return {
      run: { kind: compressForm.kind, spec: compression },
      stem: compressForm.stem(compression),
      asked,
      size: { total, active: active.all, flops: null },
      files: [],
      models: [{ name, weights: reference.weights }]
    }
  },
  figures: compressFigures
}
