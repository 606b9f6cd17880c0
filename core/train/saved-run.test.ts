import { expect, test } from 'vitest'
import { denseArchitecture } from '../arch/presets'
import { createWorld, generateCorpus, tokenizer } from '../corpus'
import { readSafetensors, storedTensor, writeSafetensors } from '../formats/safetensors'
import { recipeSchema } from '../formats/training-report'
import { parameterLayout } from '../model/parameters'
import { createReferenceBackend } from '../runtime/reference'
import { readSavedRun, writeSavedRun } from './saved-run'
import { createTrainer } from './trainer'

const vectors = { parameters: [1, -2, 0.5], first_moment: [0.25, 0, -0.125], second_moment: [1, 2, 4] }
const progress = {
  step: 3,
  seconds: 1.5,
  training_loss: [[2, 3.5]],
  open_stretch: { sum: 3, count: 1 },
  curve: []
}

/** A run as every version of Moescope has written it. */
const file = writeSafetensors(
  new Map(
    Object.entries(vectors).map(([name, data]) => [name, storedTensor(Float32Array.from(data), [data.length])] as const)
  ),
  { format: 'moescope.training-run/1', fingerprint: 'this one', progress: JSON.stringify(progress) }
)

test('a saved run of AdamW opens and is written back byte for byte', () => {
  const saved = readSavedRun(file, 'this one')
  expect(saved.state).toEqual({
    step: 3,
    parameters: Float32Array.from(vectors.parameters),
    optimiser: {
      first_moment: Float32Array.from(vectors.first_moment),
      second_moment: Float32Array.from(vectors.second_moment)
    }
  })
  expect(saved).toMatchObject({ seconds: 1.5, trainingLoss: [[2, 3.5]], openStretch: { sum: 3, count: 1 }, curve: [] })
  expect(writeSavedRun(saved, 'this one')).toEqual(file)
})

test('any vectors of an optimiser are kept by their names', () => {
  const saved = readSavedRun(file, 'this one')
  const optimiser = { momentum: Float32Array.of(1, 2, 3), preconditioner: Float32Array.of(4, 5, 6) }
  const written = writeSavedRun({ ...saved, state: { ...saved.state, optimiser } }, 'this one')
  expect([...readSafetensors(written).tensors.keys()].sort()).toEqual(['momentum', 'parameters', 'preconditioner'])
  expect(readSavedRun(written, 'this one').state.optimiser).toEqual(optimiser)
})

test('the mask of weights that stay 0 is kept', () => {
  const saved = readSavedRun(file, 'this one')
  const mask = Float32Array.of(1, 0, 1)
  const written = writeSavedRun({ ...saved, state: { ...saved.state, mask } }, 'this one')
  expect(readSavedRun(written, 'this one').state).toEqual({ ...saved.state, mask })
})

test('a run of another plan, or without parameters, is refused', () => {
  expect(() => readSavedRun(file, 'another')).toThrow('made with another architecture, corpus or recipe')
  const { metadata } = readSafetensors(file)
  expect(() => readSavedRun(writeSafetensors([], metadata), 'this one')).toThrow("no tensor 'parameters'")
})

test('a training goes on only with the vectors of its optimiser, each as long as its parameters', async () => {
  const architecture = denseArchitecture({ width: 8, vocabularySize: tokenizer.size, layers: 1, context: 16 })
  const corpus = generateCorpus({ world: createWorld(), seed: 1, split: 'train', characters: 2000 })
  const { size } = parameterLayout(architecture)
  const [whole, short] = [new Float32Array(size), new Float32Array(3)]
  const start = (optimiser: Record<string, Float32Array>, parameters = whole) =>
    createTrainer(createReferenceBackend(), architecture, corpus, recipeSchema.parse({ learning_rate: 0.01 }), {
      saved: { step: 1, parameters, optimiser }
    })
  const moments = { first_moment: whole, second_moment: whole }
  await expect(start({ first_moment: whole })).rejects.toThrow(
    `expected ${size} numbers of 'second_moment', found none`
  )
  await expect(start({ ...moments, first_moment: short })).rejects.toThrow("of 'first_moment', found 3")
  await expect(start(moments, short)).rejects.toThrow("of 'parameters', found 3")
  await expect(start({ ...moments, momentum: whole })).rejects.toThrow("holds 'momentum', which this optimiser")
})
