/** The training: a worker of its own, so that models can be looked at meanwhile. */
import { createOnnxRuntimeBackend } from '@core/runtime/onnx-runtime'
import { fingerprintOf } from '@core/train/fingerprint'
import { modelFiles } from '@core/train/model-files'
import { type RunResult, type SavedRun, trainRun } from '@core/train/run'
import { readSavedRun, writeSavedRun } from '@core/train/saved-run'
import type { TrainingApi, TrainingEvent, TrainingOutcome, TrainingRequest } from './training-protocol'

const secondsBetweenSaves = 20
const stopping = new AbortController()

/** What the training's worker answers. */
export const trainingApi: TrainingApi = {
  train: async (request, onEvent) => {
    const { plan, threads } = request
    // Imported here and not above: its threads hang when a worker imports it statically.
    const runtime = await import('onnxruntime-web/jspi')
    const backend = createOnnxRuntimeBackend(runtime, { name: 'wasm', threads })
    const fingerprint = fingerprintOf(plan)
    let latest: SavedRun | undefined
    let result: RunResult | undefined
    let savedAt = performance.now()
    try {
      const saved = request.saved && readSavedRun(request.saved, fingerprint)
      const run = trainRun({ backend, ...plan, signal: stopping.signal, ...(saved ? { saved } : {}) })
      for await (const event of run) {
        if (event.kind === 'end') result = event.result
        else if (event.kind === 'validation') onEvent(event)
        else {
          const { step, steps, loss } = event.record
          latest = event.saved()
          onEvent({ kind: 'step', step, steps, loss })
        }
        if (latest && performance.now() - savedAt > secondsBetweenSaves * 1000) {
          onEvent(savedEvent(latest, fingerprint))
          savedAt = performance.now()
        }
      }
    } catch (error) {
      if (!stopping.signal.aborted) throw error
    }
    return outcomeOf(request, fingerprint, latest, result)
  },
  stop: async () => stopping.abort()
}

function savedEvent(saved: SavedRun, fingerprint: string): TrainingEvent {
  return { kind: 'saved', content: new Uint8Array(writeSavedRun(saved, fingerprint)) }
}

function outcomeOf(
  { plan: { architecture }, machine, versions }: TrainingRequest,
  fingerprint: string,
  latest: SavedRun | undefined,
  result: RunResult | undefined
): TrainingOutcome {
  if (result) {
    const { parameters, ...figures } = result
    const report = { format: 'moescope.training/1' as const, ...figures, machine, versions: { ...versions } }
    return { files: copied(modelFiles(architecture, parameters, report)), finished: true }
  }
  if (!latest) return { files: [], finished: false }
  const run = { name: 'run.safetensors' as const, content: writeSavedRun(latest, fingerprint) }
  // The run first: with it alone nothing is lost.
  return { files: copied([run, ...modelFiles(architecture, latest.state.parameters)]), finished: false }
}

function copied<Name extends string>(files: readonly { readonly name: Name; readonly content: Uint8Array }[]) {
  return files.map(({ name, content }) => ({ name, content: new Uint8Array(content) }))
}
