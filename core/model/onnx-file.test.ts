import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { tokenizer } from '../corpus'
import { floats, int32 } from '../runtime/backend'
import { createReferenceBackend } from '../runtime/reference'
import { groupedExperts } from './experts/grouped'
import { prefill } from './inference'
import { initialWeights } from './initial-weights'
import { onnxFile } from './onnx-file'
import { constantWeights } from './weights'

const shape = { width: 16, layers: 1, vocabularySize: tokenizer.size }

test.each([
  ['dense', denseArchitecture(shape)],
  ['moe', moeArchitecture({ ...shape, experts: 4 })]
])(
  'a %s model as a file gives the logits of the reference evaluator, by ONNX Runtime alone',
  async (_, architecture) => {
    const parameters = initialWeights(architecture, 1)
    const tokens = Int32Array.from(tokenizer.encode('\ngeba lives in '))
    const positions = BigInt64Array.from(tokens, (_, i) => BigInt(i))
    const session = await InferenceSession.create(onnxFile({ architecture, parameters }))
    const found = await session.run({
      tokens: new Tensor('int32', tokens, [tokens.length]),
      positions: new Tensor('int64', positions, [1, tokens.length])
    })
    const outputs = prefill(architecture, constantWeights(architecture, parameters), groupedExperts)
    const reference = await createReferenceBackend().load(outputs)
    const expected = await reference.run({
      tokens: int32(tokens),
      positions: { type: 'int64', shape: [1, tokens.length], data: positions }
    })
    const logits = Array.from(found.logits?.data as Float32Array)
    expect(logits).toHaveLength(tokens.length * tokenizer.size)
    const oracle = floats(expected, 'logits')
    for (const [i, logit] of logits.entries()) expect(logit).toBeCloseTo(oracle[i] ?? Number.NaN, 4)
  }
)
