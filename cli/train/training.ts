/** A training in a folder of the terminal: `DIR` holds what the run saves, and in the end the model. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson } from '@core/canonical-json'
import type { Edition } from '@core/corpus'
import { parsedBy } from '@core/formats/problems'
import type { TrainingReport } from '@core/formats/training-report'
import { generatedText, trainingReportSchema } from '@core/formats/training-report'
import { keptCheckpoints } from '@core/lab/checkpoints'
import { earlierTraining } from '@core/lab/earlier-training'
import type { TrainEvent, TrainSpec } from '@core/lab/kinds/train'
import { ownTextName, reportName, trainForm, trainingPlan } from '@core/lab/kinds/train'
import { readRecord } from '@core/lab/queue'
import type { RunRecord } from '@core/lab/run'
import { runId } from '@core/lab/run-id'
import { recordName } from '@core/lab/store'
import type { Backend } from '@core/runtime/backend'
import { plannedSteps } from '@core/train/checkpoint-plan'
import { fingerprintOf } from '@core/train/fingerprint'
import { stepsOf } from '@core/train/recipe'
import { heldText } from '../../node/hold'
import { reasonOf } from '../../node/reason'
import { holdRun, runFiles } from '../../node/run-folder'
import type { ComputeOptions } from '../terminal/compute'
import { FailureError } from '../terminal/errors'
import { ensureWritableFolder, parseJson, readExisting } from '../terminal/files'
import { computeRecorded } from '../terminal/recorded-run'

export interface Training {
  readonly spec: TrainSpec
  /** The text that the spec names by its hash, as `OwnText` has it; undefined where it names none. */
  readonly ownText?: string | undefined
  readonly folder: string
  readonly backend: Backend
  /** Opens the models that the spec names. */
  readonly openModel?: ComputeOptions<TrainEvent>['openModel']
  /** Stops after this step of the whole, as if interrupted. */
  readonly lastStep?: number
  readonly signal?: AbortSignal
  readonly onEvent: (event: TrainEvent) => void
}

/**
 * Trains until the end and leaves the model with its report; goes on from what the folder holds of the same training,
 * and computes nothing when that is whole. A training that stops before, at `lastStep` or because it was aborted (which
 * throws the signal's reason), leaves the weights so far without a report, and can go on.
 *
 * @throws {FailureError} before anything is computed, when the folder cannot be written, is in use, or holds something
 * else
 */
export async function trainInFolder(training: Training): Promise<TrainingReport | undefined> {
  const { spec, folder } = training
  await refuseOther(folder, spec)
  await ensureWritableFolder(folder)
  const hold = await holdRun(folder)
  if (!hold) throw new FailureError(await heldText(folder))
  try {
    // Another may have begun and ended one since.
    await refuseOther(folder, spec)
    return await trainHeld(training)
  } finally {
    await hold.release()
  }
}

async function trainHeld(training: Training): Promise<TrainingReport | undefined> {
  const { spec, ownText, folder, backend, openModel, lastStep, signal, onEvent } = training
  const files = runFiles(folder)
  if (ownText !== undefined) await files.write(ownTextName, new TextEncoder().encode(ownText))
  const isWhole = await computeRecorded<TrainEvent>(
    { id: await runId(trainForm.stem(spec), { kind: trainForm.kind, spec }), kind: trainForm.kind, spec },
    {
      backend,
      files,
      folder,
      ...(openModel ? { openModel } : {}),
      ...(signal ? { signal } : {}),
      onEvent: (event, cancel) => {
        onEvent(event)
        const reached = event.kind === 'begin' ? event : event.kind === 'step' ? event.record : undefined
        if (reached && lastStep !== undefined && reached.step >= lastStep && reached.step < reached.steps) cancel()
      }
    }
  )
  if (!isWhole) return undefined
  const path = join(folder, reportName)
  return parseJson(path, await readExisting(path), trainingReportSchema)
}

/** Throws a `FailureError` when a folder holds anything but this training. */
async function refuseOther(folder: string, spec: TrainSpec): Promise<void> {
  const refuse = (what: string) => {
    throw new FailureError(`${folder} holds ${what}: choose another folder for --out`)
  }
  const record = await recordIn(folder)
  if (record && record.kind !== trainForm.kind) refuse(`a run of another kind (${record.kind})`)
  const has = (name: string) => stat(join(folder, name)).then(Boolean, () => false)
  const held = await trainingIn(folder, record)
  if (!held && (await has('model.safetensors'))) refuse('a model that no training can go on from')
  if (!held) return
  const { teacher: _, ...plan } = trainingPlan(spec)
  const { teacher: _held, ...heldPlan } = trainingPlan(held)
  if (fingerprintOf(heldPlan) !== fingerprintOf(plan)) {
    refuse('another training, of another architecture, corpus or recipe')
  }
  const models = ({ from, teacher }: TrainSpec) => canonicalJson({ from, teacher })
  if (models(held) !== models(spec)) refuse('another training, with another teacher or another model to begin with')
  if (!(await has(reportName))) return
  const kept = (await keptCheckpoints(runFiles(folder))).map(({ step }) => step)
  const planned = plannedSteps(spec.checkpoints, stepsOf(plan.recipe, plan.architecture.context))
  const missing = planned.find((step) => !kept.includes(step))
  if (missing !== undefined) refuse(`this training at its end, without a checkpoint of step ${missing}`)
}

/** The edition of the generated corpus that the training in a folder reads; undefined where there is no such training. */
export async function editionIn(folder: string): Promise<Edition | undefined> {
  const record = await recordIn(folder)
  if (record && record.kind !== trainForm.kind) return undefined
  const held = await trainingIn(folder, record)
  const generated = held && generatedText(held.corpus)
  return generated && (generated.world.edition ?? 1)
}

/** The training that a folder holds. */
async function trainingIn(folder: string, record: RunRecord | undefined): Promise<TrainSpec | undefined> {
  if (!record) return savedTraining(folder)
  return parsedBy(trainForm.spec, record.spec, `${join(folder, recordName)}: spec: `)
}

/** The training that an earlier version has saved there. */
async function savedTraining(folder: string): Promise<TrainSpec | undefined> {
  try {
    return await earlierTraining(runFiles(folder))
  } catch (error) {
    throw new FailureError(`${folder}: ${reasonOf(error)}`, { cause: error })
  }
}

function recordIn(folder: string): Promise<RunRecord | undefined> {
  return readRecord({ files: () => runFiles(folder) }, '')
}
