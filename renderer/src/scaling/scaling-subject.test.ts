import { expect, test } from 'vitest'
import { defaultScaling, scalingQuestions } from './choices'
import { scalingSubject } from './scaling-subject'

test('a question names the amounts that it is asked with, in full', () => {
  const { settings } = scalingSubject({
    ...defaultScaling,
    question: 'lifetime',
    parameters: Math.log10(70e9),
    served: 12
  })
  expect(settings).toEqual({ question: 'lifetime', parameters: 70e9, tokens: 125_893_000_000, served: 1e12 })
})

test.each(scalingQuestions)('the settings of %s are plain values', (question) => {
  for (const value of Object.values(scalingSubject({ ...defaultScaling, question }).settings)) {
    expect(['string', 'number']).toContain(typeof value)
  }
})
