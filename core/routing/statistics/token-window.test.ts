import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokenInContext, tokenWindow } from './token-window'
import { plainTraces } from './trace.arbitrary'

test('a window is that part of the trace, as far as it goes', async () => {
  await fc.assert(
    fc.asyncProperty(
      plainTraces(),
      fc.integer({ min: -3, max: 60 }),
      fc.nat(60),
      async ({ trace, tokens }, from, count) => {
        const window = await tokenWindow(trace, from, from + count)
        const expected = tokens.filter(({ place }) => from <= place && place < from + count)
        expect(window.to - window.from).toBe(expected.length)
        expect([...(window.tokenIds ?? [])]).toEqual(expected.map(({ id }) => id))
        expect(window.tokens).toEqual(expected.map(({ id, place }) => `${id}@${place}`))
        expect([...(window.domainIds ?? [])]).toEqual(expected.map(({ domain }) => domain))
        const rows = expected.flatMap(({ layers }) => layers)
        expect([...(window.expertWeights ?? [])]).toEqual(rows.flatMap(({ weights }) => weights))
        expect([...(window.routerLogits ?? [])]).toEqual(rows.flatMap(({ logits }) => logits))
        const starts = expected.filter(({ place, sequence }) => tokens[place - 1]?.sequence !== sequence)
        expect([...window.sequenceStarts]).toEqual(starts.map(({ place }) => place))
      }
    )
  )
})

test('the context of a token is of its own text', () => {
  fc.assert(
    fc.property(plainTraces(), fc.nat(), fc.nat(8), ({ trace, tokens }, any, reach) => {
      const token = tokens[any % tokens.length]
      if (!token) throw new Error('a trace without tokens')
      const { before, text, after, id } = tokenInContext(trace, token.place, reach)
      const around = tokens.filter(
        ({ place, sequence }) => sequence === token.sequence && Math.abs(place - token.place) <= reach
      )
      expect([...before, text, ...after]).toEqual(around.map(({ id, place }) => `${id}@${place}`))
      expect([id, text]).toEqual([token.id, `${token.id}@${token.place}`])
    })
  )
})
