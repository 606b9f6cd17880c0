/** The training: a worker of its own, so that models can be looked at meanwhile. */
import { turnUntil } from '@core/give-way'
import { createOnnxRuntimeBackend } from '@core/runtime/onnx-runtime'
import {
  type Checkpoints,
  checkpointSteps,
  readCheckpoints,
  withCheckpoint,
  writeCheckpoints
} from '@core/train/checkpoints'
import { fingerprintOf } from '@core/train/fingerprint'
import { modelFiles } from '@core/train/model-files'
import { stepsOf } from '@core/train/recipe'
import { type RunResult, type SavedRun, trainRun } from '@core/train/run'
import { readSavedRun, writeSavedRun } from '@core/train/saved-run'
import type { ModelFileName } from '../host/host'
import { withLent } from './lent'
import { importRuntime } from './runtime'
import type { TrainingApi, TrainingEvent, TrainingFile, TrainingOutcome, TrainingRequest } from './training-protocol'

const secondsBetweenSaves = 20
const stopping = new AbortController()

/** What the training's worker answers. */
export const trainingApi: TrainingApi = {
  train: (request, onEvent) => withLent(onEvent, (onEvent) => train(request, onEvent)),
  stop: async () => stopping.abort()
}

async function train(request: TrainingRequest, onEvent: (event: TrainingEvent) => void): Promise<TrainingOutcome> {
  const { plan, threads } = request
  const backend = createOnnxRuntimeBackend(await importRuntime('wasm'), { name: 'wasm', threads })
  const fingerprint = fingerprintOf(plan)
  const saved = request.saved && readSavedRun(request.saved.run, fingerprint)
  let checkpoints = checkpointsSoFar(request, fingerprint, saved?.state.step ?? 0)
  /** Checkpoints that the page has been given already. */
  let told = checkpoints
  let latest: SavedRun | undefined
  let result: RunResult | undefined
  let savedAt = performance.now()
  try {
    const run = trainRun({ backend, ...plan, turn: turnUntil(stopping.signal), ...(saved ? { saved } : {}) })
    for await (const event of run) {
      if (event.kind === 'end') result = event.result
      else if (event.kind === 'validation') onEvent(event)
      else {
        const { step, steps, loss } = event.record
        latest = event.saved()
        checkpoints = withCheckpoint(checkpoints, latest.state)
        onEvent({ kind: 'step', step, steps, loss })
      }
      if (latest && performance.now() - savedAt > secondsBetweenSaves * 1000) {
        const added = checkpoints === told ? [] : [checkpointsFile(checkpoints)]
        onEvent({ kind: 'saved', files: copied([...added, runFile(latest, fingerprint)]) })
        told = checkpoints
        savedAt = performance.now()
      }
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error
  }
  return outcomeOf(request, checkpoints, latest, result)
}

/** Those that were kept before; what lies beyond the saved step comes again. */
function checkpointsSoFar(
  { plan, checkpoints, saved }: TrainingRequest,
  fingerprint: string,
  step: number
): Checkpoints {
  if (saved?.checkpoints) {
    const before = readCheckpoints(saved.checkpoints)
    if (before.fingerprint === fingerprint) return { ...before, kept: before.kept.filter((each) => each.step <= step) }
  }
  const planned = saved ? [] : checkpointSteps(stepsOf(plan.recipe, plan.architecture.context), checkpoints)
  return { fingerprint, planned, kept: [] }
}

function outcomeOf(
  { plan: { architecture }, machine, versions }: TrainingRequest,
  checkpoints: Checkpoints,
  latest: SavedRun | undefined,
  result: RunResult | undefined
): TrainingOutcome {
  // First, because a run goes on from any checkpoints, but a checkpoint that it has passed does not come again.
  const first = checkpoints.planned.length > 0 ? [checkpointsFile(checkpoints)] : []
  if (result) {
    const { parameters, ...figures } = result
    const report = { format: 'moescope.training/1' as const, ...figures, machine, versions: { ...versions } }
    return { files: copied([...first, ...modelFiles(architecture, parameters, report)]), finished: true }
  }
  if (!latest) return { files: [], finished: false }
  // The run before the model: with it alone nothing is lost.
  const run = runFile(latest, checkpoints.fingerprint)
  return { files: copied([...first, run, ...modelFiles(architecture, latest.state.parameters)]), finished: false }
}

function runFile(run: SavedRun, fingerprint: string) {
  return { name: 'run.safetensors' as const, content: writeSavedRun(run, fingerprint) }
}

function checkpointsFile(checkpoints: Checkpoints) {
  return { name: 'checkpoints.safetensors' as const, content: writeCheckpoints(checkpoints) }
}

function copied(files: readonly { readonly name: ModelFileName; readonly content: Uint8Array }[]) {
  return files.map(({ name, content }): TrainingFile => ({ name, content: new Uint8Array(content) }))
}
