import { countParameters, kvBytesPerToken } from '@core/arch/count/count'
import { speedShapes } from '@core/bench/shapes'
import { expect, test } from 'vitest'
import { waitingContestants } from '../compare/state'
import { defaultChoices } from '../state/choices'
import { measuredSpeeds } from './measured-speeds'

const shape = speedShapes({ width: 64, experts: 16, topK: 2 })['dense-active']
const { total, active } = countParameters(shape)
const state = {
  contestants: waitingContestants,
  choices: defaultChoices,
  library: undefined,
  replay: undefined,
  speedPoints: [
    {
      width: 64,
      kind: 'dense-active' as const,
      parameters: { total, active: active.all },
      tokensPerSecond: { median: 500, low: 400, high: 600 }
    }
  ]
}

test('without a measured machine nothing is predicted for it', () => {
  expect(measuredSpeeds(state, undefined)).toEqual([])
})

const withExperts = { ...state, speedPoints: state.speedPoints.map((each) => ({ ...each, kind: 'moe' as const })) }

const machine = {
  gflops: 1e9,
  readGigabytesPerSecond: 10,
  readRates: [],
  stepCost: { stepMs: 0, denseLayerMs: 0, gatheredLayerMs: 0, branchedLayerMs: 0 }
}

test('where arithmetic costs nothing, a step takes as long as reading the weights and half a context', () => {
  const bytes = 4 * active.no_input_embedding + (shape.context / 2) * kvBytesPerToken(shape, 4)
  const [row] = measuredSpeeds(state, machine)
  expect(row).toMatchObject({ kind: 'dense', total, measured: 500 })
  expect((row?.predicted ?? 0) / (10e9 / bytes)).toBeCloseTo(1, 6)
  expect(row?.relative).toBeCloseTo((row?.predicted ?? 0) / 500 - 1, 9)
})

test('where reading costs nothing either, it takes its fixed cost: that of the step, and of its two layers', () => {
  const instant = { ...machine, readGigabytesPerSecond: 1e9 }
  const stepCost = { stepMs: 0.02, denseLayerMs: 0.03, gatheredLayerMs: 0.05, branchedLayerMs: 1 }
  const [row] = measuredSpeeds(state, { ...instant, stepCost })
  expect((row?.predicted ?? 0) * (0.02 + 2 * 0.03)).toBeCloseTo(1000, 3)
  const [moe] = measuredSpeeds(withExperts, { ...instant, stepCost })
  expect((moe?.predicted ?? 0) * (0.02 + 2 * 0.05)).toBeCloseTo(1000, 3)
})

test('small experts are gathered: their weights pass through memory three times', () => {
  const { width, layers, vocabularySize, context } = speedShapes({ width: 64, experts: 16, topK: 2 }).moe
  const expert = 3 * width * 88
  const others = layers.length * (4 * width ** 2 + 16 * width + 2 * width) + width + vocabularySize * width
  const bytes = 4 * (others + layers.length * 3 * 2 * expert) + (context / 2) * kvBytesPerToken(shape, 4)
  const [row] = measuredSpeeds(withExperts, machine)
  expect((row?.predicted ?? 0) / (10e9 / bytes)).toBeCloseTo(1, 6)
})
