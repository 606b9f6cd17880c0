/** The questions of the examples to the engine and the terminal. Their tests import nothing else of them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateCorpus, worldOf } from '@core/corpus'
import { ablate } from '@core/evaluate/ablate'
import { createEvaluator } from '@core/evaluate/evaluate'
import { corpusOf } from '@core/evaluate/validation-text'
import { byteSource } from '@core/formats/byte-source'
import { readSafetensors } from '@core/formats/safetensors'
import {
  currentCorpus,
  inEdition,
  type TrainingReport,
  trainingReportSchema,
  type ValidationPoint
} from '@core/formats/training-report'
import { createDecoder } from '@core/generate/decoder'
import type { Expression } from '@core/graph/expression'
import { serialise } from '@core/graph/onnx'
import { recordTrace } from '@core/lab/recording'
import { architectureOf, generatedCorpus, trainFileSchema } from '@core/lab/train-file'
import { initialWeights } from '@core/model/initial-weights'
import { openModel, type RunnableModel } from '@core/model/runnable-model'
import { type TraceColumns, traceColumns } from '@core/routing/trace'
import { openTraceFile } from '@core/routing/trace-file'
import type { Backend, BackendName } from '@core/runtime/backend'
import { createOnnxRuntimeBackend } from '@core/runtime/onnx-runtime'
import { createReferenceBackend } from '@core/runtime/reference'
import { checkpointSteps } from '@core/train/checkpoint-plan'
import { type Checkpoints, readCheckpoints } from '@core/train/checkpoints'
import { writeCheckpoints } from '@core/train/checkpoints.fixture'
import { fingerprintOf, planOf, type TrainingPlan } from '@core/train/fingerprint'
import { modelFiles } from '@core/train/model-files'
import { type RunResult, type SavedRun, trainRun } from '@core/train/run'
import { readSavedRun, writeSavedRun } from '@core/train/saved-run'
import { createTrainer } from '@core/train/trainer'
import * as native from 'onnxruntime-node'
import * as wasm from 'onnxruntime-web'
import { saved, savedBytes, savedJson, sha256 } from './saved.fixture'

export { fingerprintOf, modelFiles, planOf, readCheckpoints, readSavedRun, writeCheckpoints, writeSavedRun }

/** The trained examples: one of each kind that can be run. */
export const kinds = ['llama', 'mixtral', 'qwen2-moe'] as const

export type Kind = (typeof kinds)[number]

/** Steps of each training, and the step after which two of them were stopped. */
export const [steps, stoppedAfter] = [5, 3]

/** The training that `saved/specs/KIND.json` asks of `moescope train`. */
export function planFor(kind: Kind): TrainingPlan {
  const { architecture, corpus, recipe } = trainFileSchema.parse(savedJson('specs', `${kind}.json`))
  if ('file' in corpus) throw new Error(`${kind}.json: expected generated text`)
  return { architecture: architectureOf(architecture), corpus: generatedCorpus(corpus, 1), recipe }
}

export function backendFor(name: Exclude<BackendName, 'webgpu'>): Backend {
  if (name === 'reference') return createReferenceBackend()
  return createOnnxRuntimeBackend(name === 'native' ? native : wasm, { name, threads: 1 })
}

/** The record of one step, as `moescope train` prints it, without its place in the training. */
export interface SavedStep {
  readonly loss: number
  readonly learning_rate: number
  readonly gradient_norm: number
  readonly balance_loss?: number
  readonly z_loss?: number
  readonly load?: readonly number[]
}

export interface Trained {
  readonly steps: readonly SavedStep[]
  /** The state of the training when it ends or stops. */
  readonly run: SavedRun
  readonly checkpoints: Checkpoints
  /** Undefined for one that was stopped. */
  readonly result: RunResult | undefined
}

/** Trains a plan to its end, or as far as `lastStep`, from the start or on from a saved run. */
export async function train(
  plan: Omit<TrainingPlan, 'teacher'>,
  backend: Backend,
  { lastStep, ...from }: { readonly saved?: SavedRun; readonly lastStep?: number } = {}
): Promise<Trained> {
  const records: SavedStep[] = []
  let run: SavedRun | undefined
  let result: RunResult | undefined
  let checkpoints: Checkpoints = { fingerprint: fingerprintOf(plan), planned: checkpointSteps(steps, 3), kept: [] }
  for await (const event of trainRun({ backend, ...plan, ...from })) {
    if (event.kind === 'end') result = event.result
    if (event.kind !== 'step') continue
    const { loss, learningRate, gradientNorm, balanceLoss, zLoss, load } = event.record
    records.push({
      loss,
      learning_rate: learningRate,
      gradient_norm: gradientNorm,
      ...(balanceLoss === undefined ? {} : { balance_loss: balanceLoss }),
      ...(zLoss === undefined ? {} : { z_loss: zLoss }),
      ...(load === undefined ? {} : { load: [...load] })
    })
    run = event.saved()
    const { step, parameters } = run.state
    if (checkpoints.planned.includes(step)) {
      checkpoints = { ...checkpoints, kept: [...checkpoints.kept, { step, parameters }] }
    }
    if (step === lastStep) break
  }
  if (!run) throw new Error('expected at least one step, found none')
  return { steps: records, run, checkpoints, result }
}

/** Hashes of the whole and a few values in plain sight of what a training came to. */
export interface TrainedFigures {
  readonly parameters: number
  readonly weights: string
  readonly first_moment: string
  readonly second_moment: string
  /** Every so many weights. */
  readonly some_weights: readonly number[]
  readonly steps: readonly SavedStep[]
  readonly report: Omit<RunResult, 'parameters' | 'seconds' | 'backend' | 'threads'>
}

/** The results of the trainings on the reference backend. */
export const savedTrainings = () => savedJson('trainings.json') as Record<Kind, TrainedFigures>

export function figuresOf({ steps: records, run, result }: Trained): TrainedFigures {
  if (!result) throw new Error('expected a training that came to its end')
  const { parameters, optimiser } = run.state
  const { first_moment: firstMoment, second_moment: secondMoment } = optimiser
  if (!firstMoment || !secondMoment) throw new Error('expected the moments of AdamW, found others')
  const { parameters: _parameters, seconds: _seconds, backend: _backend, threads: _threads, ...report } = result
  const stride = Math.floor(parameters.length / 12)
  return {
    parameters: parameters.length,
    weights: sha256(parameters),
    first_moment: sha256(firstMoment),
    second_moment: sha256(secondMoment),
    some_weights: Array.from(parameters).filter((_, i) => i % stride === 0),
    steps: records,
    report: { ...report, curve: report.curve.map(withoutAnswers), result: withoutAnswers(report.result) }
  }
}

/** Losses as they were measured before answers were scored. */
export function withoutAnswers({ answers: _answers, ...losses }: ValidationPoint): ValidationPoint {
  return losses
}

/** Opens a model's folder. */
export async function openFolder(folder: string): Promise<RunnableModel> {
  const file = (name: string) => readFile(join(folder, name))
  return openModel('example', {
    config: await file('config.json'),
    weights: await file('model.safetensors'),
    tokenizer: await file('tokenizer.json')
  })
}

/** The metadata of a safetensors file. */
export function metadataOf(bytes: Uint8Array): Readonly<Record<string, string>> {
  return readSafetensors(bytes).metadata
}

/** Reads a `training.json`. */
export function readReport(bytes: Uint8Array): TrainingReport {
  return trainingReportSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

/** All of a trace file. */
export async function openTrace(bytes: Uint8Array): Promise<TraceColumns> {
  return traceColumns(await openTraceFile(byteSource('a trace', bytes)))
}

/** The trace file that the app records with one of the saved models, on the reference backend. */
export async function recordedInApp(folder: string): Promise<Buffer> {
  const file = (name: string) => savedBytes('models', folder, name)
  const files = {
    config: await file('config.json'),
    weights: await file('model.safetensors'),
    tokenizer: await file('tokenizer.json')
  }
  const context = { backend: backendFor('reference'), turn: async () => undefined }
  const recorded = await recordTrace(context, await openModel('my-moe-3k-1', files), {
    text: { kind: 'generated', characters: 400, seed: 7 },
    logits: 'routers',
    onProgress: () => undefined
  })
  return Buffer.from(recorded)
}

/** A graph as ONNX Runtime is given it. */
export interface SavedGraph {
  /** Of its ONNX file. */
  readonly bytes: number
  readonly sha256: string
}

/** Hashes of every graph that generating, evaluating and training load, by what they are for. */
export async function graphsOf(
  { architecture, recipe, corpus }: TrainingPlan,
  name: 'native' | 'webgpu'
): Promise<Record<string, SavedGraph>> {
  const found: Record<string, SavedGraph> = {}
  const loading = (purpose: string): Backend => ({
    name,
    threads: 1,
    load: async (outputs) => {
      note(found, purpose, outputs)
      return { run: () => Promise.reject(new Error('this graph is only looked at')), release: async () => undefined }
    }
  })
  const { tokenizer } = await openFolder(saved('models/llama-stopped'))
  const parameters = initialWeights(architecture, recipe.seed)
  const model: RunnableModel = { id: 'example', architecture, parameters, tokenizer, report: undefined }
  await createDecoder(loading('generate'), model)
  await createEvaluator(loading('evaluate'), architecture, architecture.context)
  const { world, seed, characters } = corpusOf({ corpus })
  const text = generateCorpus({ world: worldOf({ world }), seed, split: 'train', characters })
  await createTrainer(loading('train'), architecture, text, recipe)
  return found
}

/** The same of every graph that changing the routers of a model loads. */
export async function changedGraphsOf(folder: string): Promise<Record<string, SavedGraph>> {
  // Models without a record of their training are measured on the corpus of today; these are of the first edition.
  const corpus = inEdition(currentCorpus, 1)
  const model = { ...(await openFolder(saved('models', folder))), report: { corpus } }
  const found: Record<string, SavedGraph> = {}
  const runtime = backendFor('native')
  const backend: Backend = {
    ...runtime,
    load: (outputs) => {
      note(found, 'ablate', outputs)
      return runtime.load(outputs)
    }
  }
  await ablate(backend, model, {
    interventions: [
      { kind: 'mask', experts: [1] },
      { kind: 'drop-best', replace: true },
      { kind: 'drop-best', replace: false },
      { kind: 'force', expert: 2, tokens: [3, 4] },
      { kind: 'random', gates: 'uniform' },
      { kind: 'random', gates: 'trained' },
      { kind: 'top-k', topK: 3 }
    ],
    tokens: 600,
    seed: 1
  })
  return found
}

function note(found: Record<string, SavedGraph>, purpose: string, outputs: Readonly<Record<string, Expression>>): void {
  const bytes = serialise(outputs)
  const [first] = Object.keys(outputs)
  found[`${purpose} ${Object.keys(found).length} (${first})`] = { bytes: bytes.length, sha256: sha256(bytes) }
}
