/** Computes single runs of the real kinds on small models, in memory. */
import * as onnxRuntime from 'onnxruntime-node'
import type { Architecture } from '../../arch/architecture'
import { moeArchitecture } from '../../arch/presets'
import { tokenizer } from '../../corpus'
import { byteSource } from '../../formats/byte-source'
import type { ModelFiles } from '../../model/runnable-model'
import { createOnnxRuntimeBackend } from '../../runtime/onnx-runtime'
import { openFiledModel } from '../../stream/filed-model'
import { modelFiles } from '../../train/model-files'
import { readFolder } from '../checkpoints'
import { createExecutor } from '../execute'
import { createMemoryStore } from '../memory-store'
import type { ModelReference } from '../model-reference'
import { referenceTo } from '../model-reference'
import { openReferenced } from '../open-referenced'
import type { Execution } from '../queue'
import type { RunStore } from '../store'
import { kinds } from '.'
import { stream } from './stream-run'

export const backend = createOnnxRuntimeBackend(onnxRuntime, { name: 'native', threads: 1 })

export const smallMoe = moeArchitecture({ width: 16, experts: 4, expertWidth: 8, vocabularySize: tokenizer.size })

/** Files of a model with these weights, and what refers to it. */
export async function modelOf(
  id: string,
  architecture: Architecture,
  parameters: Float32Array
): Promise<{ readonly model: ModelReference; readonly files: ModelFiles }> {
  const written = new Map(modelFiles(architecture, parameters).map(({ name, content }) => [name, content]))
  const read = async (name: string) => {
    const found = [...written].find(([each]) => each === name)
    return found && new Uint8Array(found[1])
  }
  const files = await readFolder({ read })
  return { model: await referenceTo(id, files), files }
}

export interface SmallLab {
  readonly store: RunStore
  /** Everything that runs told, in order. */
  readonly events: unknown[]
  /** Graphs that were loaded: 0 as long as nothing is computed. */
  readonly loaded: () => number
  /** Computes a run to its end. `onEvent` may end it, and so may `onProgress`. */
  compute(
    kind: string,
    spec: unknown,
    onEvent?: (event: unknown, execution: Execution) => void,
    onProgress?: (execution: Execution) => void
  ): Promise<void>
}

/** Runs are all kept under the id `run`. */
export function createSmallLab(
  models: readonly { readonly model: ModelReference; readonly files: ModelFiles }[] = [],
  store = createMemoryStore()
): SmallLab {
  const events: unknown[] = []
  let loads = 0
  let listener: ((event: unknown) => void) | undefined
  const { execute } = createExecutor({
    kinds: [...kinds, stream],
    store,
    backend: async () => ({ ...backend, load: (outputs) => (loads++, backend.load(outputs)) }),
    openModel: async (model) => {
      const found = models.find((each) => each.model.id === model.id)
      if (!found) throw new Error(`${model.id} is not here`)
      return openReferenced(model, found.files)
    },
    openFiled: async ({ id }) => {
      const found = models.find(({ model }) => model.id === id)
      if (!found) throw new Error(`${id} is not here`)
      const { config, tokenizer: text, weights } = found.files
      return openFiledModel(id, { config, tokenizer: text, weights: [byteSource('model.safetensors', weights)] })
    },
    origin: { machine: 'this one', versions: { moescope: 'test' } },
    onEvent: (_, event) => {
      events.push(event)
      listener?.(event)
    }
  })
  return {
    store,
    events,
    loaded: () => loads,
    compute: async (kind, spec, onEvent, onProgress) => {
      const execution: Execution = execute({ id: 'run', kind, spec }, () => onProgress?.(execution))
      listener = onEvent && ((event) => onEvent(event, execution))
      await execution.ended
    }
  }
}

/** A store with the same files: what is there after the program was killed at this moment. */
export async function copyOf(store: RunStore): Promise<RunStore> {
  const copy = createMemoryStore()
  for (const id of await store.ids()) {
    const from = store.files(id)
    for (const name of await from.names()) {
      const content = await from.read(name)
      if (content) await copy.files(id).write(name, content)
    }
  }
  return copy
}

/** A store that takes no file whose name is refused. */
export function refusing(store: RunStore, isRefused: (name: string) => boolean): RunStore {
  return {
    ...store,
    files: (id) => {
      const files = store.files(id)
      return {
        ...files,
        write: async (name, content) => {
          if (isRefused(name)) throw new Error(`cannot write ${name}: the disk is full`)
          await files.write(name, content)
        }
      }
    }
  }
}
