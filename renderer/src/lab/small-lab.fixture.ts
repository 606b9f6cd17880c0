/** An app in memory whose runs are real and small. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { moeArchitecture } from '@core/arch/presets'
import { tokenizer } from '@core/corpus'
import { corpusSpecSchema, recipeSchema } from '@core/formats/training-report'
import { trainForm } from '@core/lab/kinds/train'
import { trainSpec } from '@core/lab/train-spec'
import { createOnnxRuntimeBackend } from '@core/runtime/onnx-runtime'
import * as onnxRuntime from 'onnxruntime-node'
import { createApp } from '../app/create-app'
import { connect } from '../engine/client'
import { NearWorker } from '../engine/near-worker.fixture'
import { createRoutingApi } from '../engine/routing-api'
import { createRunApi } from '../engine/run-api'
import type { Host } from '../host/host'
import { createMemoryHost, type MemoryHost } from '../host/memory'
import type { App } from '../state/app'

const backend = createOnnxRuntimeBackend(onnxRuntime, { name: 'native', threads: 1 })
const context = 32
const steps = 12

/** The plan of `smallTraining`. */
export const smallPlan = {
  architecture: moeArchitecture({ width: 8, vocabularySize: tokenizer.size, experts: 4, layers: 1, context }),
  corpus: corpusSpecSchema.parse({ characters: 4000, validation_characters: 900 }),
  recipe: recipeSchema.parse({ learning_rate: 0.01, batch: 2, characters: 2 * context * steps })
}

/** A training of twelve steps that keeps three checkpoints. */
export const smallTraining = { kind: trainForm.kind, spec: trainSpec(smallPlan, { every: 4 }) }

/** A host with one shipped model, which the library measures others by. */
export function smallHost(): MemoryHost {
  const folder = join('assets', 'models', 'dense-24')
  const names = readdirSync(folder).filter((name) => name.includes('.'))
  const index = new TextEncoder().encode(
    JSON.stringify({ models: [{ id: 'dense-24', reports: ['dense-24/training.json'] }] })
  )
  const files = names.map((name) => [`dense-24/${name}`, new Uint8Array(readFileSync(join(folder, name)))] as const)
  return createMemoryHost(new Map([['index.json', index], ...files]))
}

export interface SmallApp {
  readonly app: App
  /** Number of runs that have begun to compute in a worker of their own. */
  readonly workers: readonly NearWorker[]
}

/** An app whose runs compute on this thread, as their workers do. */
export function smallApp(host: Host): SmallApp {
  const workers: NearWorker[] = []
  const startRun = () => {
    const worker = new NearWorker(createRunApi(async () => ({ backend }), 0))
    workers.push(worker)
    return connect(worker as unknown as Worker, 'run', () => undefined)
  }
  return { app: createApp(host, {}, () => createRoutingApi(), startRun), workers }
}

/** The files of a training by their names, without what says when and how fast it was. */
export async function resultOf(host: Host, id: string): Promise<Map<string, Uint8Array>> {
  const files = host.models.files(id)
  const names = (await files.names()).filter((name) => name.endsWith('model.safetensors'))
  return new Map(
    await Promise.all(names.map(async (name) => [name, (await files.read(name)) ?? new Uint8Array()] as const))
  )
}
