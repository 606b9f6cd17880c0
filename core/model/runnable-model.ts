import type { Architecture } from '../arch/architecture'
import { readConfig } from '../arch/config'
import type { CharacterTokenizer } from '../corpus'
import { tokenizerFromJson } from '../corpus'
import { FormatError } from '../formats/format-error'
import { jsonOf } from '../formats/json'
import { readTrainingReport, type TrainingReport } from '../formats/training-report'
import { readWeights } from './checkpoint'
import { ModelError } from './model-error'

/** A checkpoint in memory, ready to be given to a backend. */
export interface RunnableModel {
  readonly id: string
  readonly architecture: Architecture
  /** All weights as the flat vector of `parameterLayout`. */
  readonly parameters: Float32Array
  readonly tokenizer: CharacterTokenizer
  /** How it was trained; undefined for a checkpoint of other origin. */
  readonly report: TrainingReport | undefined
}

/** The files of a checkpoint folder, as bytes. */
export interface ModelFiles {
  readonly config: Uint8Array
  readonly weights: Uint8Array
  readonly tokenizer: Uint8Array
  readonly training?: Uint8Array
}

/**
 * Opens a checkpoint. Throws a `ModelError` that names the model, the file and what is wrong with it: not JSON, an
 * unsupported kind, a missing or misshaped tensor, a truncated file, a tokenizer of another size than the vocabulary.
 */
export function openModel(id: string, files: ModelFiles): RunnableModel {
  const within = <T>(file: string, read: () => T): T => {
    try {
      return read()
    } catch (error) {
      throw error instanceof FormatError ? new ModelError(id, file, error.message, error) : error
    }
  }
  const architecture = within('config.json', () => readConfig(jsonOf(files.config, 'config.json')))
  const tokenizer = within('tokenizer.json', () => tokenizerFromJson(jsonOf(files.tokenizer, 'tokenizer.json')))
  if (tokenizer.size !== architecture.vocabularySize) {
    throw new ModelError(
      id,
      'tokenizer.json',
      `tokenizer.json has ${tokenizer.size} tokens, but config.json says vocab_size ${architecture.vocabularySize}`
    )
  }
  const parameters = within('model.safetensors', () => readWeights(architecture, files.weights))
  const { training } = files
  const report = training && within('training.json', () => readTrainingReport(training))
  return { id, architecture, parameters, tokenizer, report }
}
