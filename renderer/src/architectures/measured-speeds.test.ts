import { countParameters, kvBytesPerToken } from '@core/arch/count'
import { speedShapes } from '@core/run/speed-shapes'
import { probedDevice } from '@core/scaling/speed'
import { expect, test } from 'vitest'
import { waitingContestants } from '../state/app-state'
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

test('where arithmetic costs nothing, a step takes as long as reading the weights and half a context', () => {
  const machine = probedDevice({ gflops: 1e9, readGigabytesPerSecond: 10 })
  const bytes = 4 * active.no_input_embedding + (shape.context / 2) * kvBytesPerToken(shape, 4)
  const [row] = measuredSpeeds(state, machine)
  expect(row).toMatchObject({ kind: 'dense', total, measured: 500 })
  expect((row?.predicted ?? 0) / (10e9 / bytes)).toBeCloseTo(1, 6)
  expect(row?.relative).toBeCloseTo((row?.predicted ?? 0) / 500 - 1, 9)
})
