import type { RoutingCounts } from '@core/routing/trace'
import { expect, test } from 'vitest'
import { countsReportOf } from './counts-report'

test('where counts tell the experts of a token, they tell how uneven random routing would be', () => {
  const shape = { kind: 'counts', model: 'm', source: '', layers: [3, 7], experts: 4, topK: 2, steps: 1 } as const
  const recorded: RoutingCounts = { ...shape, counts: Float64Array.of(50, 50, 50, 50, 100, 100, 0, 0), notes: [] }
  const { top_k, layers, unavailable } = countsReportOf(recorded, { layers: [1], deadBelowShare: 0 })
  // 200 choices are of 100 tokens: sqrt((4 - 2) / (2 * 100)).
  expect(layers).toMatchObject([{ layer: 7, cv: 1, dead_experts: [2, 3], baselines: { load: 0.25, cv: 0.1 } }])
  expect(top_k).toBe(2)
  expect(unavailable).not.toHaveProperty('cv_baseline')
})
