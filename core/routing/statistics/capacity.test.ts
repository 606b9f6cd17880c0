import fc from 'fast-check'
import { expect, test } from 'vitest'
import { simulatedDrops, simulatedDropsByFactor } from './capacity'
import { computed, expectNumbers, shareOf } from './expected.fixture'
import { measure } from './measure'
import { randomTrace } from './random-trace.fixture'
import { measurements, sentTo, take } from './trace.arbitrary'

test('choices that find their expert full are dropped, in the order of the tokens', async () => {
  const factor = fc.double({ min: 0.1, max: 3, noNaN: true })
  const window = fc.integer({ min: 1, max: 20 })
  await fc.assert(
    fc.asyncProperty(measurements(), factor, window, async ({ plain, filter, stretchBytes }, factor, window) => {
      const statistics = { drops: simulatedDrops({ factor, window }) }
      const found = computed((await measure(plain.trace, { statistics, filter, stretchBytes })).drops)
      const { tokens, layers } = take(plain, filter)
      const expected = layers.map((layer) => {
        const fates = tokens.map((token, i) => {
          const start = Math.floor(i / window) * window
          const length = Math.min(window, tokens.length - start)
          const places = Math.ceil((factor * plain.trace.topK * length) / plain.trace.experts)
          return sentTo(token, layer).map((expert) => {
            const earlier = tokens.slice(start, i).filter((each) => sentTo(each, layer).includes(expert))
            return earlier.length < places ? 'kept' : 'dropped'
          })
        })
        const routed = fates.filter((each) => each.length > 0)
        return {
          choices: shareOf(fates.flat(), (fate) => fate === 'dropped'),
          tokens: shareOf(routed, (each) => each.includes('dropped')),
          wholeTokens: shareOf(routed, (each) => !each.includes('kept'))
        }
      })
      for (const name of ['choices', 'tokens', 'wholeTokens'] as const) {
        expectNumbers(
          found[name],
          expected.map((each) => each[name])
        )
      }
    })
  )
})

test('many factors at once drop what each drops alone', async () => {
  const factors = fc.uniqueArray(fc.double({ min: 0.1, max: 3, noNaN: true }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(measurements(), factors, async ({ plain, filter, stretchBytes }, drawn) => {
      const factors = drawn.toSorted((a, b) => a - b)
      const alone = factors.map((factor) => [`${factor}`, simulatedDrops({ factor, window: 7 })] as const)
      const options = { filter, stretchBytes }
      const each = await measure(plain.trace, { ...options, statistics: Object.fromEntries(alone) })
      const { all } = await measure(plain.trace, {
        ...options,
        statistics: { all: simulatedDropsByFactor({ factors, window: 7 }) }
      })
      expect(all).toEqual(factors.map((factor) => each[`${factor}`]))
    })
  )
})

test('room enough drops nothing, and one expert for all keeps what its places hold', async () => {
  const drops = async (factor: number, trace = randomTrace({ tokens: 40_000, experts: 8, topK: 2 })) =>
    computed((await measure(trace, { statistics: { drops: simulatedDrops({ factor }) } })).drops).choices[0]
  expect(await drops(1.3)).toBe(0)
  expect(await drops(0.5)).toBeCloseTo(0.5, 2)
  const all = randomTrace({ tokens: 4096, experts: 8, topK: 1 }, { expertIds: new Uint16Array(4096) })
  expect(await drops(2, all)).toBe(0.75)
})

test('a capacity that makes no sense is refused', () => {
  expect(() => simulatedDrops({ factor: 0 })).toThrow('expected a factor above 0, found 0')
  expect(() => simulatedDrops({ factor: 1, window: 0 })).toThrow('expected a window of 1 token or more, found 0')
})
