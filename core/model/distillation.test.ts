import { expect, test } from 'vitest'
import { evaluate } from '../graph/evaluate'
import { input } from '../graph/expression'
import { gradients } from '../graph/gradient'
import { type Values, values } from '../graph/tensor'
import { createRandom } from '../random'
import { distillationLoss } from './distillation'
import { evaluation } from './evaluation'
import { groupedExperts } from './experts/grouped'
import { architectures, compute, trainStepInputs, trainStepOptions } from './models.fixture'
import { parameterLayout } from './parameters'
import { trainStep } from './train-step'

/** The loss, and its gradient in the logits of the student, of one row of logits for each token. */
function distilled(student: readonly (readonly number[])[], teacher: readonly (readonly number[])[], T: number) {
  const shape = [student.length, student[0]?.length ?? 0]
  const [own, other] = [input('student', 'float32', shape), input('teacher', 'float32', shape)]
  const loss = distillationLoss(own, other, T)
  const [gradient] = gradients(loss, [own])
  if (!gradient) throw new Error('expected a gradient')
  const given = { student: values('float32', shape, student.flat()), teacher: values('float32', shape, teacher.flat()) }
  const [found, slope] = evaluate([loss, gradient], given)
  return { loss: found?.data[0] ?? Number.NaN, gradient: [...(slope?.data ?? [])] }
}

test('a case by hand: probabilities 3/4 and 1/4 at temperature 2, against a student that does not know', () => {
  // exp(2 ln 3 / 2) = 3: the soft probabilities of the teacher are 3/4 and 1/4.
  const { loss, gradient } = distilled([[0, 0]], [[2 * Math.log(3), 0]], 2)
  expect(loss).toBeCloseTo(4 * (0.75 * Math.log(1.5) + 0.25 * Math.log(0.5)), 12)
  // T^2 times the (q - p) / T of the paper's section 2.
  expect(gradient[0]).toBeCloseTo(2 * (0.5 - 0.75), 12)
  expect(gradient[1]).toBeCloseTo(2 * (0.5 - 0.25), 12)
})

test('a student that has the logits of its teacher, but for a constant, has nothing to learn', () => {
  const teacher = [
    [1, -2, 0.5],
    [3, 0, -1]
  ]
  const { loss, gradient } = distilled(
    teacher.map((row) => row.map((each) => each + 7)),
    teacher,
    3
  )
  expect(loss).toBeCloseTo(0, 12)
  for (const each of gradient) expect(each).toBeCloseTo(0, 12)
})

test('at a high temperature the gradient is that of matching centred logits, (z - v) / N (section 2.1)', () => {
  const { gradient } = distilled([[1, -3, 2]], [[2, 0, -2]], 1e4)
  for (const [i, expected] of [-1 / 3, -1, 4 / 3].entries()) expect(gradient[i]).toBeCloseTo(expected, 3)
})

const batch = { batch: 2, context: 8 }
const tokens = batch.batch * batch.context
const distillation = { share: 0.7, temperature: 2 }

test.each(['dense', 'top-2 of 4 experts'])('the step of a student descends both losses by their shares: %s', (name) => {
  const architecture = architectures[name]
  if (!architecture) throw new Error(`expected a model '${name}'`)
  const random = createRandom(1, 'model/teacher')
  const logits = Array.from({ length: tokens * architecture.vocabularySize }, () => 3 * random.normal())
  const inputs: Readonly<Record<string, Values>> = {
    ...trainStepInputs(architecture, tokens),
    teacher_logits: values('float32', [tokens, architecture.vocabularySize], logits)
  }
  // A step whose new first moment is the gradient itself.
  const options = { ...trainStepOptions, ...batch, beta1: 0, clip: 1e9, distillation }
  const graph = {
    ...trainStep(architecture, groupedExperts, options),
    ...evaluation(architecture, groupedExperts, batch)
  }
  const parameters = Float64Array.from(inputs.parameters?.data ?? [])
  const names = ['loss', 'distillation_loss', 'new_first_moment', 'balance_loss', 'z_loss', 'experts'].filter(
    (each) => each in graph
  )
  const at = (data: Float64Array) => {
    const found = compute(graph, { ...inputs, parameters: { type: 'float32', shape: [data.length], data } }, names)
    const of = (name: string, weight: number) => weight * (found[name]?.[0] ?? (name in graph ? Number.NaN : 0))
    const routers = of('balance_loss', options.balanceLoss) + of('z_loss', options.zLoss)
    return { total: of('loss', 0.3) + of('distillation_loss', 0.7) + routers, found }
  }
  const { found } = at(parameters)
  const gradient = found.new_first_moment ?? new Float64Array()
  const directions = createRandom(1, 'model/directions')
  for (const { name, offset, size } of parameterLayout(architecture).parameters) {
    const direction = Array.from({ length: size }, () => directions.normal() / Math.sqrt(size))
    const [above, below] = [step, -step].map((by) => {
      const data = parameters.slice()
      for (const [i, each] of direction.entries()) data[offset + i] = (data[offset + i] ?? 0) + by * each
      return at(data)
    })
    expect([above?.found.experts, below?.found.experts]).toEqual([found.experts, found.experts])
    const difference = ((above?.total ?? Number.NaN) - (below?.total ?? Number.NaN)) / (2 * step)
    const own = gradient.subarray(offset, offset + size)
    const along = own.reduce((sum, each, i) => sum + each * (direction[i] ?? 0), 0)
    expect([name, Math.abs(along - difference) <= 1e-6 * Math.max(1e-3, Math.hypot(...own))]).toEqual([name, true])
  }
})

/** Small enough that no token changes its experts. */
const step = 1e-5
