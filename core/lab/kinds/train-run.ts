import type { Architecture } from '../../arch/architecture'
import { writeConfig } from '../../arch/write-config'
import { worldOf } from '../../corpus'
import { FormatError } from '../../formats/format-error'
import { generatedText, type TrainingCorpus, type TrainingReport } from '../../formats/training-report'
import { reasonOf } from '../../reason'
import { plannedSteps } from '../../train/checkpoint-plan'
import { fingerprintOf, type TrainingPlan } from '../../train/fingerprint'
import { modelFiles } from '../../train/model-files'
import { stepsOf } from '../../train/recipe'
import type { RunResult, SavedRun } from '../../train/run'
import { trainRun } from '../../train/run'
import { createSampler, type Sampler, textPrompts, worldPrompts } from '../../train/samples'
import { readSavedRun, writeSavedRun } from '../../train/saved-run'
import { checkpointFolder } from '../checkpoints'
import type { RunContext, RunKind } from '../kind'
import { sha256 } from '../run-id'
import type { NamedContent, RunFiles } from '../store'
import type { TrainEvent, TrainSpec } from './train'
import { ownTextName, reportName, savedRunName, trainForm, trainingPlan } from './train'
import { startOf, teacherOf } from './train-models'

/** A model is trained on generated text; its result is an ordinary Hugging Face folder with `training.json`. */
export const train: RunKind<TrainSpec, TrainEvent> = {
  ...trainForm,
  run: async (spec, context) => {
    const { files, backend, turn, stepped, watched, keep, progress, tell, origin } = context
    if (!(await files.names()).includes(reportName)) {
      const plan = trainingPlan(spec)
      const { architecture, corpus, recipe } = plan
      const fingerprint = fingerprintOf(plan)
      const saved = await readSaved(files, fingerprint)
      const steps = stepsOf(recipe, architecture.context)
      const { trainingLoss = [], curve = [], seconds = 0 } = saved ?? {}
      tell({ kind: 'begin', step: saved?.state.step ?? 0, steps, trainingLoss, curve, seconds })
      const saver = createSaver(context, { architecture, fingerprint, planned: plannedSteps(spec.checkpoints, steps) })
      const ownText = await readText(files, corpus)
      const begin = saved ? { saved } : await startOf(spec, context)
      const follow = await teacherOf(spec, context)
      const what = { architecture, corpus, recipe, ...ownText, ...begin, ...follow }
      const sampler = watched ? await samplerOf(context, plan, ownText) : undefined
      let result: RunResult | undefined
      try {
        for await (const event of trainRun({ backend, turn, ...what })) {
          if (event.kind === 'step') {
            const { record } = event
            const reached = event.saved()
            await saver.step(reached)
            tell({ kind: 'step', record, seconds: reached.seconds })
            progress(record.step / steps, `step ${record.step} of ${steps}, loss ${record.loss.toFixed(3)}`)
            const sample = await sampler?.after(record, reached)
            if (sample) tell({ kind: 'sample', sample })
            stepped()
          } else if (event.kind === 'validation') tell(event)
          else result = event.result
        }
      } catch (error) {
        await saver.end()
        throw error
      } finally {
        await sampler?.release()
      }
      if (!result) throw new Error('the training ended without a result')
      const { parameters, ...figures } = result
      const { machine, versions } = origin
      const report: TrainingReport = {
        format: 'moescope.training/1',
        config: writeConfig(architecture),
        ...figures,
        ...(spec.from ? { from: spec.from } : {}),
        ...(spec.teacher ? { teacher: spec.teacher } : {}),
        machine,
        versions: { ...versions }
      }
      await keep([...saver.pending, ...modelFiles(architecture, parameters, report)])
    }
    await files.remove(savedRunName)
  }
}

type ReadText = { readonly ownText?: string }

/** Nothing for generated text. Throws a `FormatError` when the user's text is missing, or is another one. */
async function readText(files: RunFiles, corpus: TrainingCorpus): Promise<ReadText> {
  if (!('kind' in corpus)) return {}
  const bytes = await files.read(ownTextName)
  if (!bytes) throw new FormatError(`${ownTextName} is missing: ask for this training anew, with its text`)
  if ((await sha256(bytes)) === corpus.sha256) return { ownText: new TextDecoder().decode(bytes) }
  throw new FormatError(`${ownTextName} is not the text that this training was asked for: put that one back`)
}

/** A model writes what its text is of: of a user's text among generated documents, both. */
async function samplerOf(
  { backend }: Pick<RunContext<TrainEvent>, 'backend'>,
  { architecture, corpus }: TrainingPlan,
  { ownText }: ReadText
): Promise<Sampler> {
  const generated = generatedText(corpus)
  const world = generated && worldOf(generated)
  const [known, own] = [world ? worldPrompts(world) : [], ownText === undefined ? [] : textPrompts(ownText)]
  const each = known.length > 0 && own.length > 0 ? 2 : 4
  return createSampler(backend, architecture, [...known.slice(0, each), ...own.slice(0, each)], world)
}

/** A short training is saved soon, a long one every ten seconds, and where saving is slow every thirty. */
const milliseconds = { first: 1000, usual: 10_000, most: 30_000 } as const

/** The training that is saved, and the steps after which its model is kept. */
interface SavedPlan {
  readonly architecture: Architecture
  readonly fingerprint: string
  readonly planned: readonly number[]
}

/** Saves a training on its way. Checkpoints come before the run that has passed them: they do not come again. */
function createSaver({ files, keep, tell }: RunContext<TrainEvent>, { architecture, fingerprint, planned }: SavedPlan) {
  const due = new Set(planned)
  const pending: NamedContent[] = []
  let latest: SavedRun | undefined
  let savedAt = performance.now()
  let usual: number = milliseconds.first
  let toNext = usual

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
      if (begun - savedAt < toNext) return
      await write([runFile(run)])
      savedAt = performance.now()
      usual = Math.min(2 * usual, milliseconds.usual)
      // Slow saving is to take no more than a tenth of the time.
      toNext = Math.max(usual, Math.min(10 * (savedAt - begun), milliseconds.most))
    },
    /** Keeps what was reached: the run first, with which alone nothing is lost, and the model of it. */
    end: async (): Promise<void> => {
      if (latest) await keep([...pending, runFile(latest), ...modelFiles(architecture, latest.state.parameters)])
    }
  }
}

/** Throws a `FormatError` that names the file when it is damaged. */
async function readSaved(files: RunFiles, fingerprint: string): Promise<SavedRun | undefined> {
  const bytes = await files.read(savedRunName)
  try {
    return bytes && readSavedRun(bytes, fingerprint)
  } catch (error) {
    throw new FormatError(`${savedRunName}: ${reasonOf(error)}; remove it to train from the first step`, {
      cause: error
    })
  }
}
