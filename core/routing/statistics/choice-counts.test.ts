import fc from 'fast-check'
import { expect, test } from 'vitest'
import { balanceOf, layerOf } from './balance'
import { choiceCounts, recordedChoices } from './choice-counts'
import { computed } from './expected.fixture'
import { measure } from './measure'
import { randomVariation } from './random-routing'
import { randomTrace } from './random-trace.fixture'
import { measurements, sentTo, take } from './trace.arbitrary'

test('choices are counted as one by one', async () => {
  await fc.assert(
    fc.asyncProperty(measurements(), async ({ plain, filter, stretchBytes }) => {
      const { counts } = await measure(plain.trace, { statistics: { counts: choiceCounts }, filter, stretchBytes })
      const { tokens, layers } = take(plain, filter)
      const experts = [...Array.from({ length: plain.trace.experts }).keys()]
      const each = <T>(value: (layer: number) => T) => layers.map(value)
      const lost = (layer: number) => tokens.map((token) => plain.trace.topK - sentTo(token, layer).length)
      expect(counts).toEqual({
        layers,
        experts: experts.length,
        tokens: tokens.length,
        any: Uint32Array.from(
          each((layer) => experts.map((e) => tokens.filter((token) => sentTo(token, layer).includes(e)).length)).flat()
        ),
        first: Uint32Array.from(
          each((layer) => experts.map((e) => tokens.filter((t) => t.layers[layer]?.choices[0] === e).length)).flat()
        ),
        droppedChoices: Float64Array.from(each((layer) => lost(layer).reduce((sum, count) => sum + count, 0))),
        droppedTokens: Uint32Array.from(each((layer) => lost(layer).filter((count) => count > 0).length)),
        unroutedTokens: Uint32Array.from(each((layer) => lost(layer).filter((n) => n === plain.trace.topK).length))
      })
    })
  )
})

test('random routing is even, but for chance', async () => {
  const [tokens, experts, topK] = [20_000, 16, 2]
  const { counts } = await measure(randomTrace({ tokens, experts, topK }), { statistics: { counts: choiceCounts } })
  const { any, first } = computed(counts)
  const { cv } = balanceOf(layerOf(any, 0, experts))
  // E times CV^2 over its mean follows chi-squared with E - 1 degrees of freedom: within 5 standard deviations of it.
  const ratio = (cv / randomVariation(experts, topK, tokens)) ** 2
  expect(Math.abs(ratio - 1)).toBeLessThan(5 * Math.sqrt(2 / (experts - 1)))
  const error = Math.sqrt((tokens / experts) * (1 - 1 / experts))
  for (const count of first) expect(Math.abs(count - tokens / experts)).toBeLessThan(5 * error)
})

test('of a file of counts, the choices of all its steps', () => {
  const counts = Float64Array.from([1, 2, 3, 0, 10, 20, 30, 0])
  const shape = { kind: 'counts', model: '', source: '', layers: [1, 3], experts: 2, steps: 2, notes: [] } as const
  expect(recordedChoices({ ...shape, topK: undefined, counts })).toMatchObject({ layers: [0, 1], tokens: 33 })
  const { tokens, any, first, droppedTokens } = recordedChoices({ ...shape, topK: 3, counts })
  expect({ tokens, any: [...any], first: [...first], dropped: [...droppedTokens] }).toEqual({
    tokens: 11,
    any: [11, 22, 33, 0],
    first: [0, 0, 0, 0],
    dropped: [0, 0]
  })
})
