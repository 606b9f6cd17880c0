import { denseArchitecture, moeArchitecture } from '@core/arch/presets'
import { expect, test } from 'vitest'
import { type AnsweredModel, answersOf } from './answers'
import type { MeasuredPoint, Sweep } from './sweeps'

const loss = (mean: number) => ({ mean, deviation: null, seeds: 1 })
const dense = (id: string, width: number, total: number, mean: number): AnsweredModel => ({
  id,
  total,
  loss: loss(mean),
  own: false,
  architecture: denseArchitecture({ width, vocabularySize: 55 })
})
const moe: AnsweredModel = {
  id: 'moe',
  total: 1000,
  loss: loss(1),
  own: false,
  architecture: moeArchitecture({ width: 32, vocabularySize: 55 })
}
const [small, large] = [dense('small', 32, 100, 1.4), dense('large', 64, 800, 1.1)]

function sweepOf(id: string, setting: string, points: readonly object[], baseline?: Sweep): Sweep {
  const measured = points.map(
    (point): MeasuredPoint =>
      ({
        bytes: 100,
        standardError: 0.001,
        drawn: [0],
        ...point,
        chain: [{ id, ...point }]
      }) as unknown as MeasuredPoint
  )
  return {
    id,
    name: id,
    setting,
    varied: 0,
    before: { bytes: 400 },
    points: measured,
    measured,
    baseline
  } as unknown as Sweep
}

const answers = (model: AnsweredModel, sweeps: Readonly<Record<string, readonly Sweep[]>>) =>
  answersOf(model, [moe, small, large], (id) => sweeps[id] ?? []).map(({ sentence }) => sentence)

test('what was not measured has no answer; a dense model is not asked about experts', () => {
  expect(answers(moe, {})).toEqual([undefined, undefined, undefined])
  expect(answers(small, {})).toHaveLength(2)
})

test('the fewest bits that cost little, by the way that costs least, and what one step less costs', () => {
  const rtn = sweepOf('rtn', 'bits', [
    { bits: 8, delta: 0, bytes: 100 },
    { bits: 4, delta: 0.04, bytes: 60 },
    { bits: 3, delta: 0.3, bytes: 40 }
  ])
  const gptq = sweepOf('gptq', 'bits', [
    { bits: 4, delta: 0.02, bytes: 60 },
    { bits: 3, delta: 0.2, bytes: 40 }
  ])
  const [bits] = answers(moe, { moe: [rtn, gptq] })
  expect(bits).toMatch(/^4 bits by gptq: \+0\.020 .* at 15\s?% of its bytes; 3 bits by gptq: \+0\.200 /)
  const [none] = answers(moe, { moe: [sweepOf('rtn', 'bits', [{ bits: 2, delta: 3 }])] })
  expect(none).toMatch(/^Not here: .* 2 bits by rtn: \+3\.000/)
})

test('the largest dense model in four bits is held against that in full of the nearest bytes', () => {
  const four = (delta: number, bytes: number) => sweepOf('rtn', 'bits', [{ bits: 4, delta, bytes }])
  const yes = answers(moe, { large: [four(0.05, 480)] })[1]
  expect(yes).toMatch(/^Yes: large in four bits has 1\.15\d? .* small in full 1\.40\d? .* 0\.25\d? lower .*1\.2/)
  const no = answers(moe, { large: [four(0.5, 480)] })[1]
  expect(no).toMatch(/^Not here: .* 0\.20\d? higher/)
  expect(answers(moe, { small: [four(0, 60)] })[1]).toBeUndefined()
})

test('ways to choose experts are ranked where most of them were measured; chance is beaten below its least draw', () => {
  const random = sweepOf('experts', 'keep', [
    { keep: 14, by: 'random', delta: 0.6, drawn: [0.3, 0.6, 0.9] },
    { keep: 8, by: 'random', delta: 2, drawn: [1, 2, 3] }
  ])
  const reap = (delta: number) =>
    sweepOf(
      'experts',
      'keep',
      [
        { keep: 14, by: 'reap', delta },
        { keep: 8, by: 'reap', delta: 1.5 }
      ],
      random
    )
  const frequency = sweepOf('experts', 'keep', [{ keep: 14, by: 'frequency', delta: 1.2 }])
  const clear = answers(moe, { moe: [reap(0.2), frequency] })[2]
  expect(clear).toMatch(
    /^Of 2 of 16 experts of each layer, reap tells best .*: reap \+0\.200, random \+0\.600 \(.*0\.300 to .*0\.900 in 3 seeds\), frequency \+1\.200\.$/
  )
  expect(answers(moe, { moe: [reap(0.4), frequency] })[2]).toMatch(/^Not here: with 2 of 16 experts/)
  expect(answers(moe, { moe: [reap(0.7)] })[2]).toMatch(/^Not here: /)
})
