import fc from 'fast-check'
import { expect, test } from 'vitest'
import { computed, expectNumbers, mean } from './expected.fixture'
import { measure } from './measure'
import { contingency } from './mutual-information'
import { randomTrace } from './random-trace.fixture'
import { measurements, take } from './trace.arbitrary'
import { vocabularySpecialisation } from './vocabulary-specialisation'

test('favourites, shares and information are as counted one by one', async () => {
  const least = fc.integer({ min: 1, max: 4 })
  await fc.assert(
    fc.asyncProperty(measurements(), least, async ({ plain, filter, stretchBytes }, minOccurrences) => {
      const statistics = { vocabulary: vocabularySpecialisation({ minOccurrences }) }
      const found = computed((await measure(plain.trace, { statistics, filter, stretchBytes })).vocabulary)
      const { tokens, layers } = take(plain, filter)
      const { experts } = plain.trace
      const ids = [-1, 0, 1, 2, 3, 4].map((id) => ({ id, tokens: tokens.filter((token) => token.id === id) }))
      const judged = ids.filter((each) => each.tokens.length >= minOccurrences)
      expect(new Set(found.ids)).toEqual(new Set(judged.map(({ id }) => id)))
      layers.forEach((layer, place) => {
        const counts = (id: number) =>
          Array.from(
            { length: experts },
            (_, expert) =>
              tokens.filter((token) => token.id === id && token.layers[layer]?.choices[0] === expert).length
          )
        const shares = [...found.ids].map((id, i) => {
          const occurrences = tokens.filter((token) => token.id === id).length
          expect(found.occurrences[i]).toBe(occurrences)
          const best = Math.max(...counts(id))
          expect(counts(id)[found.favourites[place * found.ids.length + i] ?? -1]).toBe(best)
          return best / occurrences
        })
        expectNumbers(found.shares.subarray(place * shares.length, (place + 1) * shares.length), shares)
        expectNumbers([found.means[place] ?? 0], [mean(shares)])
        const table = contingency(experts)
        for (const { id } of ids) table.add(counts(id))
        const { plugIn, samples } = table.result()
        expect(found.information[place]?.samples).toBe(samples)
        expectNumbers([found.information[place]?.plugIn ?? 0], [plugIn])
      })
    })
  )
})

test('ids that are frequent and ids that are rare are counted alike', async () => {
  // Of 4 experts, ids of more than 8 occurrences have rows of counts, and the others lists: 2 of each here.
  const occurrences = [30, 9, 8, 3]
  const tokenIds = Int32Array.from(occurrences.flatMap((count, id) => new Array<number>(count).fill(10 * id)))
  const expertIds = Uint16Array.from(tokenIds, (id, token) => (token % 3 === 0 ? 3 : id / 10))
  const trace = randomTrace({ tokens: 50, experts: 4, topK: 1 }, { tokenIds, expertIds })
  const statistics = { vocabulary: vocabularySpecialisation({ minOccurrences: 1 }) }
  const found = computed((await measure(trace, { statistics, stretchBytes: 14 })).vocabulary)
  const others = [...tokenIds.keys()].filter((token) => token % 3 !== 0).map((token) => tokenIds[token])
  expect([...found.ids]).toEqual([0, 10, 20, 30])
  expect([...found.favourites]).toEqual([0, 1, 2, 3])
  expectNumbers(
    found.shares,
    [0, 10, 20, 30].map((id, i) =>
      id === 30 ? 1 : others.filter((each) => each === id).length / (occurrences[i] ?? 0)
    )
  )
})

test('random routing has favourites by chance, as the baseline has', async () => {
  const trace = randomTrace({ tokens: 20_000, experts: 16, topK: 2, vocabulary: 800 })
  const found = computed((await measure(trace, { statistics: { vocabulary: vocabularySpecialisation() } })).vocabulary)
  // Both are means over 800 ids of shares that spread by less than a tenth.
  expect(Math.abs((found.means[0] ?? 0) - found.baseline)).toBeLessThan((5 * Math.sqrt(2) * 0.1) / Math.sqrt(800))
  expect(found.baseline).toBeGreaterThan(2 / 16)
})

test('without token ids it says so', async () => {
  const trace = randomTrace({ tokens: 4, experts: 2, topK: 1 }, { tokenIds: undefined })
  const { vocabulary } = await measure(trace, { statistics: { vocabulary: vocabularySpecialisation() } })
  expect(vocabulary).toEqual({ unavailable: 'needs token ids, which this trace does not have' })
})
