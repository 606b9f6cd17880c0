import * as onnxRuntime from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { input } from '../graph/expression'
import { add } from '../graph/operators'
import { float32, floats } from './backend'
import { createOnnxRuntimeBackend, type OnnxRuntime } from './onnx-runtime'
import { createSessionPool } from './session-pool'

test('a session that was given back serves the next graph that is the same, one graph at a time', async () => {
  let made = 0
  const create: OnnxRuntime['InferenceSession']['create'] = (...args: unknown[]) => {
    made++
    return (onnxRuntime.InferenceSession.create as (...all: unknown[]) => ReturnType<typeof create>)(...args)
  }
  const counting: OnnxRuntime = { ...onnxRuntime, InferenceSession: { create } }
  const backend = createOnnxRuntimeBackend(counting, { name: 'native', threads: 1, pool: createSessionPool(1) })
  const sumOf = (size: number) =>
    backend.load({ sum: add(input('a', 'float32', [size]), input('b', 'float32', [size])) })
  const first = await sumOf(2)
  const second = await sumOf(2)
  expect(made).toBe(2)
  await first.release()
  await second.release()
  const again = await sumOf(2)
  expect(made).toBe(2)
  const outputs = await again.run({ a: float32(Float32Array.of(1, 2)), b: float32(Float32Array.of(3, 4)) })
  expect([...floats(outputs, 'sum')]).toEqual([4, 6])
  await sumOf(3)
  expect(made).toBe(3)
})
