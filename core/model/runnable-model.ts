import type { Architecture } from '../arch/architecture'
import { readConfig } from '../arch/runnable'
import { byteSource } from '../formats/byte-source'
import { FormatError } from '../formats/format-error'
import { jsonOf } from '../formats/json'
import { readTrainingReport, type TrainingReport } from '../formats/training-report'
import { readQuantization, unpackedStore } from '../tensors/compressed-tensors'
import { dequantiserOf } from '../tensors/dequantised'
import { openTensorStore } from '../tensors/store'
import { fitTokenizer, idTokenizer } from '../tokenizers/ids'
import { openTokenizer } from '../tokenizers/open'
import type { Tokenizer } from '../tokenizers/tokenizer'
import { type ParameterGrids, parameterGrids, readWeights } from './checkpoint'
import { ModelError } from './model-error'

/** A checkpoint in memory, ready to be given to a backend. */
export interface RunnableModel {
  readonly id: string
  readonly architecture: Architecture
  /** All weights as the flat vector of `parameterLayout`. */
  readonly parameters: Float32Array
  /** Of the parameters that are stored quantised; their values in `parameters` are those that the codes stand for. */
  readonly grids?: ParameterGrids
  readonly tokenizer: Tokenizer
  /** The record of its training; undefined for a checkpoint of other origin. */
  readonly report: TrainingReport | undefined
}

/** The files of a checkpoint folder, as bytes. */
export interface ModelFiles {
  readonly config: Uint8Array
  readonly weights: Uint8Array
  /** Without one the model reads token ids, and no text. */
  readonly tokenizer?: Uint8Array
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
  const { architecture, grid, dequantise } = await within('config.json', () => {
    const config = jsonOf(files.config, 'config.json')
    return { architecture: readConfig(config), grid: readQuantization(config), dequantise: dequantiserOf(config) }
  })
  const { vocabularySize } = architecture
  const text = files.tokenizer
  const tokenizer = text
    ? await within('tokenizer.json', async () =>
        fitTokenizer(await openTokenizer(jsonOf(text, 'tokenizer.json')), vocabularySize)
      )
    : idTokenizer(vocabularySize)
  const weights = await within('model.safetensors', async () => {
    const stored = await openTensorStore([byteSource('model.safetensors', files.weights)])
    if (dequantise) return { parameters: await readWeights(architecture, await dequantise(stored)) }
    if (!grid) return { parameters: await readWeights(architecture, stored) }
    const { store, grids } = await unpackedStore(stored, grid)
    return { parameters: await readWeights(architecture, store), grids: parameterGrids(architecture, grids) }
  })
  const { training } = files
  const report = training && (await within('training.json', () => readTrainingReport(training)))
  return { id, architecture, ...weights, tokenizer, report }
}
