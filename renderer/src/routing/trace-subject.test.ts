import { expect, test } from 'vitest'
import { defaultInspection } from './choices'
import type { OpenTrace } from './state'
import { traceSubject } from './trace-subject'

const trace: OpenTrace = {
  id: 1,
  name: 'talk.safetensors',
  facts: {
    kind: 'trace',
    model: 'mixtral-8x7b',
    source: 'vLLM',
    layers: [0, 2],
    experts: 8,
    topK: 2,
    tokenCount: 1234,
    sequences: 1,
    domains: ['code', 'prose'],
    has: [],
    notes: []
  },
  run: undefined,
  training: undefined
}

test('a picture names the model, the file and the shape; a table the part that was counted', () => {
  const { name, settings } = traceSubject(trace, { ...defaultInspection, layer: 1, expert: 3, domains: [1], text: ' ' })
  expect(name).toBe('mixtral-8x7b · talk.safetensors · top-2 of 8 experts in 2 MoE layers · 1,234 tokens')
  expect(settings).toMatchObject({
    model: 'mixtral-8x7b',
    'chosen layer': 2,
    'chosen expert': 3,
    'domains counted': 'prose',
    'token counted': '" "'
  })
})
