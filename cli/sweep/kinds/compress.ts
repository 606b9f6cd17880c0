import { countParameters } from '@core/arch/count/count'
import { FormatError } from '@core/formats/format-error'
import { parsedBy } from '@core/formats/problems'
import { type CompressSpec, compressForm, compressionName, readCompression } from '@core/lab/kinds/compress'
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
  figures: async (files) => {
    const bytes = await files.read(compressionName)
    const kept = bytes && readCompression(bytes)
    const [point] = kept?.points ?? []
    if (!kept?.whole || !point) throw new FormatError(`${compressionName} is missing, or not whole`)
    const before = { bytes_before: kept.before.bytes, loss_before: kept.before.loss }
    if ('refused' in point) return { ...before, refused: point.refused }
    const { bytes: size, total, active, loss, delta, standardError, tokens, domains } = point
    const byDomain = Object.entries(domains).map(([domain, change]) => [`delta_${domain}`, change?.delta ?? null])
    return {
      total,
      active,
      bytes: size,
      loss,
      delta,
      standard_error: standardError,
      tokens,
      ...before,
      ...Object.fromEntries(byDomain)
    }
  }
}
