import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeSafetensors } from '../formats/safetensors'
import { checkpointSteps, plannedSteps } from './checkpoint-plan'
import { type Checkpoints, readCheckpoints } from './checkpoints'
import { writeCheckpoints } from './checkpoints.fixture'

test('a training that halves into whole steps is kept at its halvings', () => {
  expect(checkpointSteps(256, 8)).toEqual([2, 4, 8, 16, 32, 64, 128, 256])
  expect(checkpointSteps(128, 8)).toEqual([1, 2, 4, 8, 16, 32, 64, 128])
})

test('steps ascend within the training and end with it, at most as many as are asked for', () => {
  const [steps, count] = [fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 32 })]
  fc.assert(
    fc.property(steps, count, (steps, count) => {
      const found = checkpointSteps(steps, count)
      expect(found.length).toBeLessThanOrEqual(count)
      expect(found.at(-1)).toBe(steps)
      expect(found).toEqual([...new Set(found)].sort((a, b) => a - b))
      expect(found[0]).toBeGreaterThanOrEqual(1)
      // As many as are asked for, where there are far more steps.
      if (steps > 100 * count) expect(found).toHaveLength(count)
    })
  )
  expect(checkpointSteps(100, 0)).toEqual([])
})

const none: Checkpoints = { fingerprint: 'dense', planned: [2, 4, 8], kept: [] }

test('a plan of steps, of a rhythm or of a number of checkpoints', () => {
  expect(plannedSteps({ every: 100 }, 450)).toEqual([100, 200, 300, 400])
  expect(plannedSteps({ every: 500 }, 450)).toEqual([])
  expect(plannedSteps({ count: 8 }, 256)).toEqual(checkpointSteps(256, 8))
  expect(plannedSteps({ steps: [3, 7, 600] }, 450)).toEqual([3, 7])
})

test('the file of an earlier version gives back what it kept', () => {
  const kept = [2, 4].map((step) => ({ step, parameters: Float32Array.of(step, -0, 1 / 3) }))
  expect(readCheckpoints(writeCheckpoints({ ...none, kept }))).toEqual({ ...none, kept })
  expect(readCheckpoints(writeCheckpoints(none))).toEqual(none)
})

test('another file is refused by what it is', () => {
  const other = writeSafetensors([], { format: 'moescope.trace/1' })
  expect(() => readCheckpoints(other)).toThrow(
    'expected checkpoints of a training (moescope.checkpoints/1), found moescope.trace/1'
  )
  const planless = writeSafetensors([], { format: 'moescope.checkpoints/1', fingerprint: '', planned: '[2,' })
  expect(() => readCheckpoints(planless)).toThrow('expected checkpoints of a training')
  expect(() => readCheckpoints(writeCheckpoints(none).subarray(0, 20))).toThrow('safetensors')
})
