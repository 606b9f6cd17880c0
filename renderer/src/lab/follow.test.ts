import { expect, test } from 'vitest'
import type { AppState } from '../state/app-state'
import { trainingsWithRouters } from './follow'

test('the routing of a dense training is not offered; that of one which has no model yet is', () => {
  const models = [
    { id: 'dense-64', role: 'dense' },
    { id: 'moe-64', role: 'moe' }
  ]
  const state = { checkpointed: ['dense-64', 'moe-64', 'just begun'], library: { models, damaged: [] } }
  expect(trainingsWithRouters(state as unknown as AppState)).toEqual(['moe-64', 'just begun'])
})
