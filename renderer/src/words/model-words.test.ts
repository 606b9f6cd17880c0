import { expect, test } from 'vitest'
import type { LibraryModel } from '../state/library'
import { answerOf } from './model-words'

const model = (total: number, active: number, loss: number | null) =>
  ({
    role: 'moe',
    total,
    active: { all: active },
    loss: loss === null ? null : { mean: loss }
  }) as unknown as LibraryModel

test('the answer about two models with reports is their loss, in nats', () => {
  const answer = answerOf('free', model(2000, 100, 1.25), model(4000, 100, 1))
  expect(answer).toMatchObject({ before: expect.stringMatching(/^MoE 4.k predicts better by$/), figure: '0.250' })
})

test('without a report of one of them the answer is what a token costs, and says what is not known', () => {
  const answer = answerOf('free', model(2000, 100, 1.25), model(4000, 250, null))
  expect(answer).toMatchObject({
    before: expect.stringMatching(/^Each token of MoE 4.k uses$/),
    after: expect.stringMatching(/^the parameters of MoE 2.k$/)
  })
  expect(answer.figure).toMatch(/^2\.5/)
  expect(answer.detail).toMatch(/^MoE 4.k has no training report/)
})
