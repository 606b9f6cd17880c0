/** Trainings of earlier sessions, as what they have left tells of them. */
import { moeLayers } from '@core/arch/architecture'
import { trainFlopsPerToken } from '@core/arch/count/count'
import { readTrainingReport } from '@core/formats/training-report'
import { reportName, savedRunName, type TrainSpec, trainingPlan } from '@core/lab/kinds/train'
import { isUnderWay, type RunRecord } from '@core/lab/run'
import type { RunFiles } from '@core/lab/store'
import { stepsOf } from '@core/train/recipe'
import { savedProgress } from '@core/train/saved-run'
import type { App } from '../state/app'
import type { ShownTraining } from './state'

/** Shows what a training has left before this session; nothing where it is shown, or is under way. */
export async function showKept({ lab, store }: App, run: RunRecord): Promise<void> {
  if (isUnderWay(run) || store.getState().trainings[run.id]) return
  const kept = await keptTraining(lab.files(run.id), run.spec as TrainSpec)
  if (!kept) return
  // Events since then are newer.
  store.setState(({ trainings }) => ({ trainings: { [run.id]: kept, ...trainings } }))
}

/** The curves of a training by its report, or by what continues it; undefined where there is neither. */
async function keptTraining(files: Pick<RunFiles, 'read'>, spec: TrainSpec): Promise<ShownTraining | undefined> {
  const { architecture, recipe } = trainingPlan(spec)
  const charactersPerStep = recipe.batch * architecture.context
  const shown = (
    step: number,
    seconds: number,
    trainingLoss: readonly (readonly [number, number])[],
    points: ShownTraining['points'],
    loads: ShownTraining['loads'] = []
  ): ShownTraining => ({
    kind: moeLayers(architecture).length > 0 ? 'moe' : 'dense',
    steps: stepsOf(recipe, architecture.context),
    charactersPerStep,
    flopsPerToken: trainFlopsPerToken(architecture),
    losses: trainingLoss.map(([at, loss]) => [at * charactersPerStep, loss]),
    points,
    loads,
    sample: undefined,
    clock: [
      [0, 0],
      [step * charactersPerStep, seconds]
    ]
  })
  const report = await files.read(reportName)
  if (report) {
    const { steps, seconds, training_loss, curve, assignments } = readTrainingReport(report)
    const counts = assignments.map((experts) =>
      experts.map((byDomain) => byDomain.reduce((sum, each) => sum + each, 0))
    )
    // Of the whole way only the end is known, on the validation text.
    return shown(steps, seconds, training_loss, curve, counts.length > 0 ? [{ step: steps, counts }] : [])
  }
  const saved = await files.read(savedRunName)
  if (!saved) return undefined
  const { step, seconds, training_loss, curve } = savedProgress(saved)
  return shown(step, seconds, training_loss, curve)
}
