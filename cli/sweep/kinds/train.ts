import { countParameters, trainFlopsPerToken } from '@core/arch/count/count'
import { parsedBy } from '@core/formats/problems'
import { ownTextName, trainForm } from '@core/lab/kinds/train'
import { trainFigures } from '@core/lab/sweep/figures'
import { sweptTrainingSchema } from '@core/lab/sweep/plan-trainings'
import type { Settings } from '@core/lab/sweep/settings'
import { stepsOf } from '@core/train/recipe'
import { askedTraining } from '../../train/asked-training'
import { besideSpec } from '../../train/models'
import type { RunReader, SweepKind } from './kind'

/** Trainings, by specs of `moescope train`. */
export const train: SweepKind = {
  kind: trainForm.kind,
  help: `train     as moescope train reads it (moescope train --help): {"architecture", "recipe", "corpus", "teacher", "from"};
            and "name", for the table, and "checkpoints", {"every": 100} or {"count": 8}, the model on the way`,
  read: async (spec, reader) => {
    const { recipe: given, ...others } = spec
    // Its seed decides, too, in a model that is made smaller.
    const key = JSON.stringify(others.from ? spec : others)
    const { asked, plan, context, flopsPerToken, ...common } = await reader.once(key, () => readCommon(spec, reader))
    const { recipe } = parsedBy(recipeSchema, { recipe: given }, '')
    const flops = flopsPerToken * stepsOf(recipe, context) * recipe.batch * context
    return {
      run: { kind: trainForm.kind, spec: { ...plan, recipe } },
      asked: { ...asked, recipe },
      ...common,
      size: { ...common.size, flops }
    }
  },
  figures: trainFigures
}

const recipeSchema = sweptTrainingSchema.pick({ recipe: true })

/** The common part of trainings that differ in their recipes alone, by one of them. */
async function readCommon(training: Settings, { path, models, backend }: RunReader) {
  const asked = parsedBy(sweptTrainingSchema, training, '')
  const {
    architecture,
    spec: plan,
    own
  } = await askedTraining(asked, path, {
    checkpoints: asked.checkpoints,
    store: models,
    backend
  })
  const { total, active } = countParameters(architecture)
  return {
    asked,
    plan,
    stem: trainForm.stem(plan),
    context: architecture.context,
    flopsPerToken: trainFlopsPerToken(architecture),
    size: { total, active: active.all },
    files: own ? [{ name: ownTextName, content: new TextEncoder().encode(own.text) }] : [],
    models: [plan.from, plan.teacher?.model].flatMap((each) =>
      each ? [{ name: besideSpec(each.id, path, models.ids), weights: each.weights }] : []
    )
  }
}
