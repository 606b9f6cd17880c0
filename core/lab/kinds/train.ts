import { z } from 'zod'
import type { Architecture } from '../../arch/architecture'
import { moeLayers } from '../../arch/architecture'
import { countParameters } from '../../arch/count/count'
import { readConfig } from '../../arch/runnable'
import { writeConfig } from '../../arch/write-config'
import { FormatError } from '../../formats/format-error'
import { readSafetensors } from '../../formats/safetensors'
import type { TrainingReport, ValidationPoint } from '../../formats/training-report'
import { corpusSpecSchema, recipeSchema } from '../../formats/training-report'
import { reasonOf } from '../../reason'
import { checkpointPlanSchema, plannedSteps, readCheckpoints } from '../../train/checkpoints'
import type { TrainingPlan } from '../../train/fingerprint'
import { fingerprintOf, planOf } from '../../train/fingerprint'
import { modelFiles } from '../../train/model-files'
import { stepsOf } from '../../train/recipe'
import type { RunProgress, RunResult, SavedRun } from '../../train/run'
import { trainRun } from '../../train/run'
import { readSavedRun, writeSavedRun } from '../../train/saved-run'
import type { TrainingStep } from '../../train/trainer'
import { checkpointFolder } from '../checkpoints'
import type { RunContext, RunKind } from '../kind'
import type { NamedContent, RunFiles } from '../store'

export const trainSpecSchema = z.strictObject({
  /** As config.json. */
  architecture: z.record(z.string(), z.unknown()),
  corpus: corpusSpecSchema,
  recipe: recipeSchema,
  /** When the model is kept on the way. */
  checkpoints: checkpointPlanSchema
})

export type TrainSpec = z.infer<typeof trainSpecSchema>

/** A training as a run, from what is trained and when it is kept. Throws as `writeConfig`. */
export function trainSpec({ architecture, ...plan }: TrainingPlan, checkpoints: TrainSpec['checkpoints']): TrainSpec {
  return { architecture: writeConfig(architecture), ...plan, checkpoints }
}

/** The training that a spec asks for. Throws as `readConfig`. */
export function trainingPlan({ architecture, corpus, recipe }: TrainSpec): TrainingPlan {
  return { architecture: readConfig(architecture), corpus, recipe }
}

/** The training that an earlier version of Moescope has saved, which left no record of its run; undefined where none is. */
export async function earlierTraining(files: Pick<RunFiles, 'read'>): Promise<TrainSpec | undefined> {
  const [run, kept] = [await files.read(savedRunName), await files.read('checkpoints.safetensors')]
  if (!run) return undefined
  const { fingerprint } = readSafetensors(run).metadata
  if (fingerprint === undefined) throw new FormatError(`${savedRunName} is no saved training`)
  return trainSpec(planOf(fingerprint), kept ? { steps: [...readCheckpoints(kept).planned] } : { count: 0 })
}

export type TrainEvent =
  /** Before the first step of this time: how far it has come before. */
  | ({ readonly kind: 'begin'; readonly step: number; readonly steps: number } & Pick<
      RunProgress,
      'trainingLoss' | 'curve'
    >)
  | { readonly kind: 'step'; readonly record: TrainingStep }
  | { readonly kind: 'validation'; readonly point: ValidationPoint }
  /** What was to be saved on the way could not be; the training goes on, and tries again at its next save. */
  | { readonly kind: 'unsaved'; readonly reason: string }

/** What an interrupted training needs to go on. */
export const savedRunName = 'run.safetensors'

/** The record of a training, written last: a training that has it is whole. */
export const reportName = 'training.json'

/** A model is trained on generated text; its result is an ordinary Hugging Face folder with `training.json`. */
export const train: RunKind<TrainSpec, TrainEvent> = {
  kind: 'train',
  spec: trainSpecSchema,
  stem: (spec) => {
    const { architecture } = trainingPlan(spec)
    const kind = moeLayers(architecture).length > 0 ? 'moe' : 'dense'
    return `my-${kind}-${Math.round(countParameters(architecture).total / 1000)}k`
  },
  title: (_, id) => `Training ${id}`,
  needs: () => ({ cores: 1 }),
  run: async (spec, context) => {
    const { files, backend, turn, keep, progress, tell, origin } = context
    if (!(await files.names()).includes(reportName)) {
      const plan = trainingPlan(spec)
      const { architecture, recipe } = plan
      const fingerprint = fingerprintOf(plan)
      const saved = await readSaved(files, fingerprint)
      const steps = stepsOf(recipe, architecture.context)
      const { trainingLoss = [], curve = [] } = saved ?? {}
      tell({ kind: 'begin', step: saved?.state.step ?? 0, steps, trainingLoss, curve })
      const saver = createSaver(context, { architecture, fingerprint, planned: plannedSteps(spec.checkpoints, steps) })
      let result: RunResult | undefined
      try {
        for await (const event of trainRun({ backend, ...plan, turn, ...(saved ? { saved } : {}) })) {
          if (event.kind === 'step') {
            const { record } = event
            await saver.step(event.saved())
            tell({ kind: 'step', record })
            progress(record.step / steps, `step ${record.step} of ${steps}, loss ${record.loss.toFixed(3)}`)
          } else if (event.kind === 'validation') tell(event)
          else result = event.result
        }
      } catch (error) {
        await saver.end()
        throw error
      }
      if (!result) throw new Error('the training ended without a result')
      const { parameters, ...figures } = result
      const { machine, versions } = origin
      const report: TrainingReport = { format: 'moescope.training/1', ...figures, machine, versions: { ...versions } }
      await keep([...saver.pending, ...modelFiles(architecture, parameters, report)])
    }
    await files.remove(savedRunName)
  }
}

const millisecondsBetweenSaves = 10_000
const mostMillisecondsBetweenSaves = 30_000

interface Saved {
  readonly architecture: Architecture
  readonly fingerprint: string
  readonly planned: readonly number[]
}

/** Saves a training on its way. Checkpoints come before the run that has passed them: they do not come again. */
function createSaver({ files, keep, tell }: RunContext<TrainEvent>, { architecture, fingerprint, planned }: Saved) {
  const due = new Set(planned)
  const pending: NamedContent[] = []
  let latest: SavedRun | undefined
  let savedAt = performance.now()
  let millisecondsToNext = millisecondsBetweenSaves

  const runFile = (run: SavedRun) => ({ name: savedRunName, content: writeSavedRun(run, fingerprint) })

  async function write(last: readonly NamedContent[]): Promise<void> {
    try {
      for (let [first] = pending; first; [first] = pending) {
        await files.write(first.name, first.content)
        pending.shift()
      }
      for (const { name, content } of last) await files.write(name, content)
    } catch (error) {
      tell({ kind: 'unsaved', reason: reasonOf(error) })
    }
  }

  return {
    /** Checkpoints that could not be written yet. */
    pending: pending as readonly NamedContent[],
    step: async (run: SavedRun): Promise<void> => {
      latest = run
      if (due.has(run.state.step)) {
        const folder = checkpointFolder(run.state.step)
        for (const { name, content } of modelFiles(architecture, run.state.parameters)) {
          pending.push({ name: `${folder}/${name}`, content })
        }
        await write([])
      }
      const begun = performance.now()
      if (begun - savedAt < millisecondsToNext) return
      await write([runFile(run)])
      savedAt = performance.now()
      // Where saving is slow it is to take no more than a tenth of the time.
      const slow = Math.min(mostMillisecondsBetweenSaves, 10 * (savedAt - begun))
      millisecondsToNext = Math.max(millisecondsBetweenSaves, slow)
    },
    /** Keeps what was reached: the run first, with which alone nothing is lost, and the model of it. */
    end: async (): Promise<void> => {
      if (latest) await keep([...pending, runFile(latest), ...modelFiles(architecture, latest.state.parameters)])
    }
  }
}

async function readSaved(files: RunFiles, fingerprint: string): Promise<SavedRun | undefined> {
  const bytes = await files.read(savedRunName)
  return bytes && readSavedRun(bytes, fingerprint)
}
