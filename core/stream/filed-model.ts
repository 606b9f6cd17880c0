import type { Architecture } from '../arch/architecture'
import { readConfig } from '../arch/runnable'
import type { ByteSource } from '../formats/byte-source'
import { FormatError } from '../formats/format-error'
import { jsonOf } from '../formats/json'
import { ModelError } from '../model/model-error'
import { readQuantization } from '../tensors/compressed-tensors'
import { dequantiserOf } from '../tensors/dequantised'
import { openTensorStore } from '../tensors/store'
import { fitTokenizer, idTokenizer } from '../tokenizers/ids'
import { openTokenizer } from '../tokenizers/open'
import type { Tokenizer } from '../tokenizers/tokenizer'
import { type FiledWeights, filedWeights } from './filed-weights'

/** A checkpoint whose weights stay in their files. */
export interface FiledModel {
  readonly id: string
  readonly architecture: Architecture
  readonly tokenizer: Tokenizer
  readonly weights: FiledWeights
}

/** The files of a checkpoint folder, of which the weights are only opened. */
export interface FiledModelFiles {
  readonly config: Uint8Array
  readonly tokenizer?: Uint8Array | undefined
  readonly weights: readonly ByteSource[]
}

/**
 * Opens a checkpoint by its config.json and the headers of its files. Rejects as `openModel`, and with a `ModelError` for
 * weights that are packed.
 */
export async function openFiledModel(id: string, files: FiledModelFiles): Promise<FiledModel> {
  const within = async <T>(file: string, read: () => T | Promise<T>): Promise<T> => {
    try {
      return await read()
    } catch (error) {
      throw error instanceof FormatError ? new ModelError(id, file, error.message, error) : error
    }
  }
  const architecture = await within('config.json', () => {
    const config = jsonOf(files.config, 'config.json')
    if (readQuantization(config) || dequantiserOf(config)) {
      throw new FormatError('quantised weights are not read layer by layer: take the model that it was made of')
    }
    return readConfig(config)
  })
  const { vocabularySize } = architecture
  const text = files.tokenizer
  const tokenizer = text
    ? await within('tokenizer.json', async () =>
        fitTokenizer(await openTokenizer(jsonOf(text, 'tokenizer.json')), vocabularySize)
      )
    : idTokenizer(vocabularySize)
  const weights = await within('model.safetensors', async () =>
    filedWeights(architecture, await openTensorStore(files.weights))
  )
  return { id, architecture, tokenizer, weights }
}
