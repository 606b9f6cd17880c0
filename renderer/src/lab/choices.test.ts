import { expect, test } from 'vitest'
import { defaultTraining, trainingChoicesSchema } from './choices'
import { chosenArchitecture } from './plan'
import { trainingProblem } from './problems'

const routersOf = (choices: Partial<typeof defaultTraining>) =>
  chosenArchitecture({ ...defaultTraining, ...choices }).layers.map(
    ({ feedForward }) => feedForward.kind === 'moe' && feedForward.router
  )

const twice = <T>(router: T) => [router, router]

test('without a router it is top-k, whose gates are not normalised for a single expert', () => {
  expect(routersOf({})).toEqual(twice({ kind: 'top-k', normalise_gates: true }))
  expect(routersOf({ topK: 1 })).toEqual(twice({ kind: 'top-k', normalise_gates: false }))
})

test('a router of a link is read with its defaults, and trained', () => {
  const { router } = trainingChoicesSchema.parse({ router: { kind: 'loss-free' } })
  expect(router).toEqual({ kind: 'loss-free', update_rate: 0.001 })
  expect(router && routersOf({ router })).toEqual(twice(router))
  expect(trainingChoicesSchema.safeParse({ router: { kind: 'oracle' } }).success).toBe(false)
})

test('what makes no model is said, and not thrown', () => {
  const { router } = trainingChoicesSchema.parse({ router: { kind: 'sigmoid' } })
  const choices = { ...defaultTraining, ...(router ? { router } : {}) }
  expect(trainingProblem(choices)).toBeUndefined()
  expect(trainingProblem({ ...choices, experts: 4 })).toContain('n_group: expected a divisor of 4')
  expect(trainingProblem({ ...choices, kind: 'dense', experts: 4 })).toBeUndefined()
})
