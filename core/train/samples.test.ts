import * as onnxRuntime from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { moeArchitecture } from '../arch/presets'
import { createWorld, smallWorldSize, tokenizer } from '../corpus'
import { createDecoder } from '../generate/decoder'
import { initialWeights } from '../model/initial-weights'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import { createSampler, worldPrompts } from './samples'

const backend = createOnnxRuntimeBackend(onnxRuntime, { name: 'native', threads: 1 })
const architecture = moeArchitecture({ width: 16, experts: 4, vocabularySize: tokenizer.size })
const world = createWorld(smallWorldSize)
const parameters = initialWeights(architecture, 3)
const state = { step: 1, parameters, optimiser: {} }

test('a model on its way writes what the same model writes with a cache', async () => {
  const sampler = await createSampler(backend, architecture, worldPrompts(world), world)
  const sample = await sampler.after({ step: 1, steps: 9 }, { seconds: 0, state })
  await sampler.release()
  expect(sample?.step).toBe(1)
  expect(sample?.lines).toHaveLength(4)
  const decoder = await createDecoder(backend, {
    id: 'm',
    architecture,
    parameters,
    tokenizer,
    report: undefined
  })
  for (const { prompt, written } of sample?.lines ?? []) {
    let text = ''
    let { logits } = await decoder.prefill([...tokenizer.encode(`\n${prompt}`)])
    while (text.length < 24) {
      const last = logits.at(-1) ?? new Float32Array()
      const next = last.indexOf(Math.max(...last))
      if (tokenizer.decode([next]) === '\n') break
      text += tokenizer.decode([next])
      ;({ logits } = await decoder.step(next))
    }
    expect(written).toBe(text)
  }
  await decoder.release()
})

test('samples take a small share of the time in steps', async () => {
  const sampler = await createSampler(backend, architecture, worldPrompts(world), world)
  const after = (step: number, seconds: number) => sampler.after({ step, steps: 9 }, { seconds, state })
  expect(await after(1, 0.1)).toBeDefined()
  expect(await after(2, 0.2)).toBeUndefined()
  expect(await after(3, 1e6)).toBeDefined()
  // The writing at its end is always told.
  expect(await after(9, 1e6)).toBeDefined()
  await sampler.release()
})
