import fc from 'fast-check'
import { expect, test } from 'vitest'
import { noExpert } from '../trace'
import { expectNumbers, mean } from './expected.fixture'
import { expertPortrait } from './expert-portrait'
import { randomTrace } from './random-trace.fixture'
import { isUnavailable } from './statistic'
import { measurements, sentTo, take } from './trace.arbitrary'

test('a portrait is as counted one by one', async () => {
  await fc.assert(
    fc.asyncProperty(measurements(), fc.nat(), fc.nat(), async ({ plain, filter, stretchBytes }, l, e) => {
      const { trace } = plain
      const [layer, expert] = [l % trace.layers.length, e % trace.experts]
      const found = await expertPortrait(trace, { layer, expert, filter, stretchBytes, most: 3 })
      const { tokens } = take(plain, filter)
      const sent = tokens.filter((token) => sentTo(token, layer).includes(expert))
      const rank = (token: (typeof sent)[number]) => token.layers[layer]?.choices.indexOf(expert) ?? -1
      const weight = (token: (typeof sent)[number]) => token.layers[layer]?.weights[rank(token)] ?? 0
      expect(found).toMatchObject({ layer, expert, tokens: tokens.length, sent: sent.length })
      expect(found.sentFirst).toBe(sent.filter((token) => rank(token) === 0).length)
      expect([...found.byRank]).toEqual(
        Array.from({ length: trace.topK }, (_, each) => sent.filter((token) => rank(token) === each).length)
      )
      expectNumbers([found.load], [sent.length / tokens.flatMap((token) => sentTo(token, layer)).length])
      expectNumbers([Number(found.meanWeight)], [mean(sent.map(weight))])

      const places = [...sent].sort((a, b) => weight(b) - weight(a) || a.place - b.place).slice(0, 3)
      expect(found.top).toMatchObject(
        places.map((token) => ({ token: token.place, rank: rank(token), weight: weight(token), id: token.id }))
      )
      expect(found.sample).toHaveLength(Math.min(3, sent.length))
      expect(new Set(found.sample.map(({ token }) => token)).size).toBe(found.sample.length)
      for (const { token } of found.sample) expect(sent.map(({ place }) => place)).toContain(token)

      const of = (name: 'id' | 'domain', value: number) => sent.filter((token) => token[name] === value).length
      const all = (name: 'id' | 'domain', value: number) => tokens.filter((token) => token[name] === value).length
      const ids = [-1, 0, 1, 2, 3, 4]
        .filter((id) => of('id', id) > 0)
        .sort((a, b) => of('id', b) - of('id', a) || a - b)
      const shares = ids.slice(0, 3).map((id) => ({
        id,
        tokens: of('id', id),
        share: of('id', id) / sent.length,
        ofId: of('id', id) / all('id', id)
      }))
      expect(found.ids).toMatchObject(shares)
      expect(found.domains).toEqual(
        ['a', 'b', 'c'].map((domain, i) => ({
          domain,
          tokens: of('domain', i),
          share: of('domain', i) / sent.length,
          ofDomain: of('domain', i) / all('domain', i)
        }))
      )
      const partners = sent.flatMap((token) => sentTo(token, layer)).filter((each) => each !== expert)
      const count = (other: number) => partners.filter((each) => each === other).length
      expect(found.partners).toEqual(
        [...new Set(partners)]
          .sort((a, b) => count(b) - count(a) || a - b)
          .map((other) => ({ expert: other, tokens: count(other), share: count(other) / sent.length }))
      )
    })
  )
})

test('tokens are shown within their own text', async () => {
  const columns = { tokens: ['a', 'b', 'c', 'd', 'e'], sequenceStarts: Uint32Array.of(0, 2) }
  const expertIds = Uint16Array.of(1, 1, 0, 1, noExpert)
  const trace = randomTrace({ tokens: 5, experts: 2, topK: 1 }, { ...columns, expertIds })
  const { sample } = await expertPortrait(trace, { layer: 0, expert: 1, context: 1 })
  expect(sample.map(({ before, text, after }) => [...before, text, ...after].join(''))).toEqual(['ab', 'ab', 'cde'])
  expect(sample.map(({ before }) => before)).toEqual([[], ['a'], ['c']])
})

test('a sample is drawn from all tokens alike, and by its seed', async () => {
  const tokens = 20
  const trace = randomTrace({ tokens, experts: 1, topK: 1 })
  const drawn = new Array<number>(tokens).fill(0)
  const seeds = 400
  const sampleOf = async (seed: number) =>
    (await expertPortrait(trace, { layer: 0, expert: 0, most: 5, seed })).sample.map(({ token }) => token)
  for (let seed = 0; seed < seeds; seed++)
    for (const token of await sampleOf(seed)) drawn[token] = (drawn[token] ?? 0) + 1
  const [expected, error] = [seeds / 4, Math.sqrt(seeds * 0.25 * 0.75)]
  for (const count of drawn) expect(Math.abs(count - expected)).toBeLessThan(5 * error)
  expect(await sampleOf(7)).toEqual(await sampleOf(7))
})

test('what a trace lacks is said in its place', async () => {
  const bare = randomTrace({ tokens: 9, experts: 2, topK: 1 }, { tokenIds: undefined, domainIds: undefined })
  const { top, ids, domains, meanWeight, sample } = await expertPortrait(bare, { layer: 0, expert: 0 })
  expect([top, ids, domains, meanWeight].every(isUnavailable)).toBe(true)
  expect(sample[0]).toMatchObject({ id: undefined, weight: undefined, domain: undefined, text: '', before: [] })
})

test('an expert or layer that is not there is refused', async () => {
  const trace = randomTrace({ tokens: 3, experts: 3, topK: 1 })
  await expect(expertPortrait(trace, { layer: 0, expert: 3 })).rejects.toThrow(
    'expected an expert from 0 to 2, found 3'
  )
  await expect(expertPortrait(trace, { layer: 1, expert: 0 })).rejects.toThrow('expected a layer from 0 to 0, found 1')
})
