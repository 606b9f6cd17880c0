import type { Architecture } from '../arch/architecture'
import { writeConfig } from '../arch/write-config'
import { tokenizer } from '../corpus'
import { jsonBytes } from '../formats/json'
import type { TrainingReport } from '../formats/training-report'
import { type ParameterGrids, quantizationOf, writeWeights } from '../model/checkpoint'

/** A file of a model's folder. */
export interface ModelFile {
  readonly name: 'config.json' | 'tokenizer.json' | 'tokenizer_config.json' | 'model.safetensors' | 'training.json'
  readonly content: Uint8Array
}

/**
 * A model of the generated languages as the files of a Hugging Face checkpoint, in the order in which they are to be
 * written, quantised parameters by their grids; the record of its training comes last, because it says that the training has come to its end.
 */
export function modelFiles(
  architecture: Architecture,
  parameters: Float32Array,
  report?: TrainingReport,
  grids: ParameterGrids = new Map()
): ModelFile[] {
  const quantization = quantizationOf(architecture, grids)
  const config = { ...writeConfig(architecture), ...(quantization ? { quantization_config: quantization } : {}) }
  const tokenizerFiles = tokenizer.files()
  return [
    { name: 'config.json', content: jsonBytes(config) },
    { name: 'tokenizer.json', content: jsonBytes(tokenizerFiles['tokenizer.json']) },
    { name: 'tokenizer_config.json', content: jsonBytes(tokenizerFiles['tokenizer_config.json']) },
    { name: 'model.safetensors', content: writeWeights(architecture, parameters, grids) },
    ...(report ? [{ name: 'training.json' as const, content: jsonBytes(report) }] : [])
  ]
}
