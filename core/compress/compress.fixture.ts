/** A small corpus and models of it, for the tests of this folder. */
import * as native from 'onnxruntime-node'
import type { Architecture } from '../arch/architecture'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { tokenizer } from '../corpus'
import type { CorpusModel } from '../evaluate/validation-text'
import { corpusSpecSchema } from '../formats/training-report'
import { clearWeights } from '../model/models.fixture'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import { type Calibration, createCalibration } from './calibration'
import { compress, readTransform, type TransformSpec } from './index'
import type { StoredModel } from './stored-model'

export const backend = createOnnxRuntimeBackend(native, { name: 'native', threads: 1 })

const shape = { width: 16, vocabularySize: tokenizer.size, context: 64 }

export const dense = denseArchitecture({ ...shape, layers: 3 })
export const moe = moeArchitecture({ ...shape, experts: 4, expertWidth: 12 })

/** A model of float weights that differ clearly from token to token. */
export function storedModel(architecture: Architecture, parameters = clearWeights(architecture)): StoredModel {
  return { architecture, parameters, storage: new Map() }
}

/** On text of a small world. */
export function corpusModel(architecture: Architecture): CorpusModel {
  const corpus = corpusSpecSchema.parse({ world: { names: 50, pairs: 50, keys: 50 } })
  return { id: 'small', architecture, tokenizer, report: { corpus } }
}

/** Calibration on few characters. */
export function calibrationOf(architecture: Architecture, characters = 4000, seed = 1): Calibration {
  return createCalibration(backend, corpusModel(architecture), { characters, seed })
}

/** A model after one transform. */
export function transformed(model: StoredModel, spec: TransformSpec, seed = 1): Promise<StoredModel> {
  return compress(model, [readTransform(spec)], calibrationOf(model.architecture, 4000, seed))
}
