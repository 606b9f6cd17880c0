import * as runtime from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { disagreement, operatorGraphs } from './agreement'
import { createOnnxRuntimeBackend } from './onnx-runtime'

const backend = createOnnxRuntimeBackend(runtime, { name: 'native', threads: 1 })

test.each(operatorGraphs)('$name', async ({ outputs, inputs }) => {
  expect(await disagreement(backend, outputs, inputs)).toBeLessThan(1e-5)
})
