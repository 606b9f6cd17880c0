/** Runs a training in the terminal: checkpoints, progress, and an end that loses nothing. */
import { join } from 'node:path'
import type { Architecture } from '@core/arch/architecture'
import { writeConfig } from '@core/arch/write-config'
import { jsonText } from '@core/formats/json'
import type { CorpusSpec, Recipe, TrainingReport } from '@core/formats/training-report'
import { turnUntil } from '@core/give-way'
import type { Backend } from '@core/runtime/backend'
import { fingerprintOf } from '@core/train/fingerprint'
import type { RunEvent, RunResult, SavedRun } from '@core/train/run'
import { trainRun } from '@core/train/run'
import { readSavedRun, writeSavedRun } from '@core/train/saved-run'
import { reasonOf } from '../../node/reason'
import { FailureError } from '../terminal/errors'
import { readIfThere, writeWhole } from '../terminal/files'
import { writeModelFolder } from '../terminal/model-folder'
import { machineName, versions } from '../terminal/native'

export interface TrainingJob {
  readonly backend: Backend
  readonly architecture: Architecture
  readonly corpus: CorpusSpec
  readonly recipe: Recipe
  /** Where the checkpoint goes; an interrupted run found there is continued. */
  readonly folder: string
  readonly lastStep?: number
  /** Keeps the model after every so many steps, each as a folder of its own below the model's. */
  readonly checkpointEvery?: number
  readonly signal?: AbortSignal
  readonly onEvent: (event: RunEvent) => void
}

/** In the model folder: what a run needs to go on. */
export const savedRunName = 'run.safetensors'

/** In the model folder: the model as it was on the way. */
export const checkpointsName = 'checkpoints'

const secondsBetweenSaves = 60

/**
 * Trains until the end and leaves the model folder with its report. A run that stops before, at `lastStep` or because
 * it was aborted (which throws the signal's reason), leaves the weights so far without a report, and can be continued.
 */
export async function runTraining(job: TrainingJob): Promise<TrainingReport | undefined> {
  const { backend, architecture, corpus, recipe, folder, lastStep, checkpointEvery = 0, signal } = job
  const savedPath = join(folder, savedRunName)
  const fingerprint = fingerprintOf({ architecture, corpus, recipe })
  const saved = await readSaved(savedPath, fingerprint)
  // A folder that cannot be written is found out now, and not after hours.
  await writeWhole(join(folder, 'config.json'), jsonText(writeConfig(architecture)))
  let latest: SavedRun | undefined
  let savedAt = performance.now()
  const save = async () => {
    if (latest) await writeWhole(savedPath, writeSavedRun(latest, fingerprint))
    savedAt = performance.now()
  }
  let result: RunResult | undefined
  const options = { backend, architecture, corpus, recipe }
  try {
    for await (const event of trainRun({
      ...options,
      ...(saved ? { saved } : {}),
      ...(signal ? { turn: turnUntil(signal) } : {}),
      ...(lastStep === undefined ? {} : { lastStep })
    })) {
      if (event.kind === 'step') latest = event.saved()
      else if (event.kind === 'end') result = event.result
      job.onEvent(event)
      if (event.kind === 'step' && latest && checkpointEvery > 0 && event.record.step % checkpointEvery === 0) {
        const place = join(folder, checkpointsName, `step-${event.record.step}`)
        await writeModelFolder(place, architecture, latest.state.parameters)
      }
      if (performance.now() - savedAt > secondsBetweenSaves * 1000) await save()
    }
  } finally {
    await save()
    if (latest && !result) await writeModelFolder(folder, architecture, latest.state.parameters)
  }
  if (!result) return undefined
  const { parameters, ...figures } = result
  const report: TrainingReport = {
    format: 'moescope.training/1',
    ...figures,
    machine: machineName(),
    versions: versions()
  }
  await writeModelFolder(folder, architecture, parameters, report)
  return report
}

async function readSaved(path: string, fingerprint: string): Promise<SavedRun | undefined> {
  const bytes = await readIfThere(path)
  try {
    return bytes && readSavedRun(bytes, fingerprint)
  } catch (error) {
    throw new FailureError(`${path}: ${reasonOf(error)}`, { cause: error })
  }
}
