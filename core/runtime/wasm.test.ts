import * as runtime from 'onnxruntime-web'
import { expect, test } from 'vitest'
import { disagreement, operatorGraphs } from './agreement'
import { createOnnxRuntimeBackend } from './onnx-runtime'

const backend = createOnnxRuntimeBackend(runtime, { name: 'wasm', threads: 1 })

test.each(operatorGraphs)('$name', async ({ outputs, inputs }) => {
  expect(await disagreement(backend, outputs, inputs)).toBeLessThan(1e-5)
})
