import { serialise } from '../graph/onnx'
import { groupedExperts } from './experts/grouped'
import { prefill } from './inference'
import type { RunnableModel } from './runnable-model'
import { constantWeights } from './weights'

/**
 * A model as one `.onnx` file with its weights, which reads any number of tokens from the start of a text: inputs and
 * outputs are those of `prefill`, and every ONNX Runtime 1.30 with the operators of com.microsoft runs it.
 */
export function onnxFile({ architecture, parameters }: Pick<RunnableModel, 'architecture' | 'parameters'>): Uint8Array {
  return serialise(prefill(architecture, constantWeights(architecture, parameters), groupedExperts))
}
