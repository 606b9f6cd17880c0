import { moeLayers } from '@core/arch/architecture'
import { countParameters } from '@core/arch/count/count'
import { parsedBy } from '@core/formats/problems'
import { type AblateSpec, ablateForm } from '@core/lab/kinds/ablate'
import { ablateFigures } from '@core/lab/sweep/figures'
import { interventionSchema } from '@core/model/intervention'
import { z } from 'zod'
import { FailureError } from '../../terminal/errors'
import { besideSpec } from '../../train/models'
import type { SweepKind } from './kind'

const schema = z.strictObject({
  model: z.string().min(1),
  intervention: interventionSchema,
  tokens: z.int().positive().default(20_000),
  seed: z.int().nonnegative().default(1)
})

/** Losses of models with their routers changed, one change a run. */
export const ablate: SweepKind = {
  kind: ablateForm.kind,
  help: `ablate    {"model", "intervention": {"kind": "top-k", "topK": 1}, "tokens": 20000, "seed": 1}, an intervention as
            moescope ablate --json tells it`,
  read: async (spec, { path, models }) => {
    const asked = parsedBy(schema, spec, '')
    const name = besideSpec(asked.model, path, models.ids)
    const { model, reference } = await models.refer(name)
    if (moeLayers(model.architecture).length === 0) {
      throw new FailureError(`model: '${asked.model}' is dense: it has no router to change`)
    }
    const { total, active } = countParameters(model.architecture)
    const ablation: AblateSpec = {
      model: { id: asked.model, weights: reference.weights },
      interventions: [asked.intervention],
      characters: asked.tokens,
      seed: asked.seed
    }
    return {
      run: { kind: ablateForm.kind, spec: ablation },
      stem: ablateForm.stem(ablation),
      asked,
      size: { total, active: active.all, flops: null },
      files: [],
      models: [{ name, weights: reference.weights }]
    }
  },
  figures: ablateFigures
}
