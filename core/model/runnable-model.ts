import type { Architecture } from '../arch/architecture'
import { readConfig } from '../arch/runnable'
import { byteSource } from '../formats/byte-source'
import { FormatError } from '../formats/format-error'
import { jsonOf } from '../formats/json'
import { readTrainingReport, type TrainingReport } from '../formats/training-report'
import { openTensorStore } from '../tensors/store'
import { openTokenizer } from '../tokenizers/open'
import type { Tokenizer } from '../tokenizers/tokenizer'
import { readWeights } from './checkpoint'
import { ModelError } from './model-error'

/** A checkpoint in memory, ready to be given to a backend. */
export interface RunnableModel {
  readonly id: string
  readonly architecture: Architecture
  /** All weights as the flat vector of `parameterLayout`. */
  readonly parameters: Float32Array
  readonly tokenizer: Tokenizer
  /** The record of its training; undefined for a checkpoint of other origin. */
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
 * Opens a checkpoint. Rejects with a `ModelError` that names the model, the file and what is wrong with it: not JSON, an
 * unsupported kind, a missing or misshaped tensor, a truncated file, a tokenizer of another size than the vocabulary.
 */
export async function openModel(id: string, files: ModelFiles): Promise<RunnableModel> {
  const within = async <T>(file: string, read: () => T | Promise<T>): Promise<T> => {
    try {
      return await read()
    } catch (error) {
      throw error instanceof FormatError ? new ModelError(id, file, error.message, error) : error
    }
  }
  const architecture = await within('config.json', () => {
    const read = readConfig(jsonOf(files.config, 'config.json'))
    return read
  })
  const tokenizer = await within('tokenizer.json', () => openTokenizer(jsonOf(files.tokenizer, 'tokenizer.json')))
  if (tokenizer.size !== architecture.vocabularySize) {
    throw new ModelError(
      id,
      'tokenizer.json',
      `tokenizer.json has ${tokenizer.size} tokens, but config.json says vocab_size ${architecture.vocabularySize}`
    )
  }
  const parameters = await within('model.safetensors', async () =>
    readWeights(architecture, await openTensorStore([byteSource('model.safetensors', files.weights)]))
  )
  const { training } = files
  const report = training && (await within('training.json', () => readTrainingReport(training)))
  return { id, architecture, parameters, tokenizer, report }
}
