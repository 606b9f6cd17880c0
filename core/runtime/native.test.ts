import * as runtime from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { gradients } from '../graph/gradient'
import { lossOf } from '../graph/operators/case'
import { operatorCases } from '../graph/operators/cases'
import { disagreement } from './agreement'
import { createOnnxRuntimeBackend } from './onnx-runtime'
import { tensorOf } from './reference'

const backend = createOnnxRuntimeBackend(runtime, { name: 'native', threads: 1 })

for (const [operator, cases] of Object.entries(operatorCases)) {
  for (const each of cases) {
    const inputs = Object.fromEntries(Object.entries(each.inputs).map(([n, v]) => [n, tensorOf(v)]))
    test(`${operator}: ${each.name}`, async () => {
      expect(await disagreement(backend, { ...each.outputs }, inputs)).toBeLessThan(1e-5)
    })
    const loss = lossOf(each)
    if (loss) test(`${operator}: ${each.name} backward`, async () => {
      expect(await disagreement(backend, { ...gradients(loss, each.sources) }, inputs)).toBeLessThan(1e-5)
    })
  }
}
