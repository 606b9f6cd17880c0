import { countParameters } from '@core/arch/count/count'
import { parsedBy } from '@core/formats/problems'
import { type EvaluateSpec, evaluateForm } from '@core/lab/kinds/evaluate'
import { evaluateFigures } from '@core/lab/sweep/figures'
import { z } from 'zod'
import { besideSpec } from '../../train/models'
import type { SweepKind } from './kind'

const schema = z.strictObject({
  model: z.string().min(1),
  tokens: z.int().positive().default(20_000),
  questions: z.int().nonnegative().default(400),
  seed: z.int().nonnegative().default(1)
})

/** Losses of models on validation text, and their shares of right answers. */
export const evaluate: SweepKind = {
  kind: evaluateForm.kind,
  help: `evaluate  {"model", "tokens": 20000, "questions": 400, "seed": 1}: loss, and answers of each language`,
  read: async (spec, { path, models }) => {
    const asked = parsedBy(schema, spec, '')
    const name = besideSpec(asked.model, path, models.ids)
    const { model, reference } = await models.refer(name)
    const { total, active } = countParameters(model.architecture)
    const { tokens: characters, questions, seed } = asked
    const evaluation: EvaluateSpec = {
      model: { id: asked.model, weights: reference.weights },
      characters,
      questions,
      seed
    }
    return {
      run: { kind: evaluateForm.kind, spec: evaluation },
      stem: evaluateForm.stem(evaluation),
      asked,
      size: { total, active: active.all, flops: null },
      files: [],
      models: [{ name, weights: reference.weights }]
    }
  },
  figures: evaluateFigures
}
