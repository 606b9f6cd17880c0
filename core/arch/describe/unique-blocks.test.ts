import { expect, test } from 'vitest'
import type { Block } from './description'
import { denseNetwork } from './parts'
import { uniqueBlocks } from './unique-blocks'

const block = (width: number): Block => ({
  mixers: [],
  feedForwards: [denseNetwork({ width })],
  norm: 'rms',
  norms: 2
})

test('equal blocks are one object, of few kinds as of many', () => {
  for (const kinds of [1, 3, 40]) {
    const blocks = Array.from({ length: 3 * kinds }, (_, layer) => block(1 + (layer % kinds)))
    const unique = uniqueBlocks(blocks)
    expect(unique).toEqual(blocks)
    expect(new Set(unique).size).toBe(kinds)
  }
})

test('a key that one of two blocks has is a difference', () => {
  const plain = block(4)
  expect(
    new Set(uniqueBlocks([plain, { ...plain, feedForwards: [{ ...denseNetwork({ width: 4 }), gated: false }] }])).size
  ).toBe(2)
  const extras = [{ name: 'scale', component: 'other' as const, shape: [1] }]
  const more = extras.map((each) => ({ ...each, copies: 2 }))
  expect(
    new Set(
      uniqueBlocks([
        { ...plain, extras },
        { ...plain, extras: more },
        { ...plain, extras }
      ])
    ).size
  ).toBe(2)
})
