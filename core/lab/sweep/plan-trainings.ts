/** The runs of a sweep of trainings that need nothing but its file: no text of the user's, and no other model. */

import { z } from 'zod'
import { countParameters, trainFlopsPerToken } from '../../arch/count/count'
import { currentEdition } from '../../corpus'
import { FormatError } from '../../formats/format-error'
import { parsedBy } from '../../formats/problems'
import { reasonOf } from '../../reason'
import { checkpointPlanSchema } from '../../train/checkpoint-plan'
import { stepsOf } from '../../train/recipe'
import { trainForm } from '../kinds/train'
import { runId } from '../run-id'
import { architectureOf, generatedCorpus, trainFileSchema } from '../train-file'
import { trainSpec } from '../train-spec'
import type { ListedRun } from './folder'
import { type Sweep, sweepPoints } from './points'

/** A training of a sweep, and beside it a name, which changes nothing, and when the model is kept on the way. */
export const sweptTrainingSchema = trainFileSchema.extend({
  name: z.string().min(1).optional(),
  checkpoints: checkpointPlanSchema.optional()
})

/**
 * The runs in their order, each once, under the ids that the laboratory gives them. Throws a `FormatError` that names the
 * run and what is wrong, or what only the terminal does.
 */
export async function planTrainings(sweep: Sweep): Promise<ListedRun[]> {
  if (sweep.kind !== trainForm.kind) {
    throw new FormatError(`kind: expected ${trainForm.kind}; a sweep of '${sweep.kind}' is for 'moescope sweep'`)
  }
  const runs = new Map<string, ListedRun>()
  let place = 0
  for (const { spec, varied } of sweepPoints(sweep)) {
    try {
      const run = await plannedTraining(spec, varied)
      if (!runs.has(run.id)) runs.set(run.id, run)
    } catch (error) {
      if (!(error instanceof FormatError || error instanceof RangeError)) throw error
      throw new FormatError(`run ${place}: ${reasonOf(error)}`, { cause: error })
    }
    place++
  }
  return [...runs.values()]
}

async function plannedTraining(given: unknown, varied: ListedRun['varied']): Promise<ListedRun> {
  const asked = parsedBy(sweptTrainingSchema, given, '')
  const { architecture: wanted, corpus, recipe, from, teacher, checkpoints = { count: 0 } } = asked
  if (from || teacher)
    throw new FormatError(`${from ? 'from' : 'teacher'}: a model by its path is for 'moescope sweep'`)
  if ('file' in corpus) throw new FormatError("corpus.file: a text by its path is for 'moescope sweep'")
  const architecture = architectureOf(wanted)
  const spec = trainSpec({ architecture, corpus: generatedCorpus(corpus, currentEdition), recipe }, checkpoints)
  const { total, active } = countParameters(architecture)
  const { context } = architecture
  const flops = trainFlopsPerToken(architecture) * stepsOf(recipe, context) * recipe.batch * context
  return {
    id: await runId(trainForm.stem(spec), { kind: trainForm.kind, spec }),
    kind: trainForm.kind,
    spec,
    asked,
    varied,
    threads: 1,
    size: { total, active: active.all, flops }
  }
}
