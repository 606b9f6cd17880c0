import { expect, test } from 'vitest'
import { stepName, trainingStepOf } from './training-step'

test.each([
  // Moescope's terminal, OLMoE's revisions, transformers' Trainer, Megatron-LM.
  ['step-61.safetensors', 61],
  ['step5000-tokens20B', 5000],
  ['checkpoint-500', 500],
  ['iter_0005000', 5000],
  ['my-moe-159k-1, step 61', 61],
  ['moe-32', undefined],
  ['trace 12.safetensors', undefined]
])('%s is of step %j', (name, step) => {
  expect(trainingStepOf(name)?.step).toBe(step)
})

test('the traces of one training have a series of their own', () => {
  const [one, later, other] = [stepName('a', 2), stepName('a', 40), stepName('b', 2)].map((name) =>
    trainingStepOf(name)
  )
  expect(one?.series).toBe(later?.series)
  expect(one?.series).not.toBe(other?.series)
  expect(trainingStepOf('step5000-tokens20B')?.series).toBe(trainingStepOf('step10000-tokens41B')?.series)
})

test('the file goes before what it says of its model', () => {
  expect(trainingStepOf('step-3.safetensors', 'out/step-4')?.step).toBe(3)
  expect(trainingStepOf('trace.safetensors', 'out/step-4')?.step).toBe(4)
})
