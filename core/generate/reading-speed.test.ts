import { expect, test } from 'vitest'
import { denseArchitecture } from '../arch/presets'
import type { Decoder } from './decoder'
import { readingSpeeds } from './reading-speed'

/** A decoder that takes its time, and says who read how many tokens. */
function slowDecoder(name: string, context: number, milliseconds: number, heard: string[]): Decoder {
  const architecture = { ...denseArchitecture({ width: 8, vocabularySize: 5 }), context }
  const prefill = async (tokens: readonly number[]) => {
    heard.push(`${name} ${tokens.join('')}`)
    const until = performance.now() + milliseconds
    while (performance.now() < until);
    return { logits: [], routing: () => [], runtimeMs: 0 }
  }
  return { model: { architecture }, prefill } as unknown as Decoder
}

test('models read the same full window in turns, each round in the opposite order, the first rounds unmeasured', async () => {
  const heard: string[] = []
  const decoders = [slowDecoder('a', 8, 1, heard), slowDecoder('b', 6, 4, heard)]
  const { tokens, speeds } = await readingSpeeds(decoders, [1, 2, 3, 4], 4)
  expect(tokens).toBe(6)
  const [forth, back] = [
    ['a 123412', 'b 123412'],
    ['b 123412', 'a 123412']
  ]
  expect(heard).toEqual([back, forth, back, forth, back, forth, back].flat())
  expect(speeds.map(({ steps }) => steps)).toEqual([4, 4])
  // As slow as they are, and no faster: 6 tokens in a millisecond, and in four.
  expect(speeds[0]?.high).toBeLessThanOrEqual(6000)
  expect(speeds[1]?.high).toBeLessThanOrEqual(1500)
  expect(speeds[1]?.low).toBeLessThanOrEqual(speeds[1]?.median ?? 0)
})

test('nothing to read is refused', async () => {
  await expect(readingSpeeds([], [])).rejects.toThrow(RangeError)
  await expect(readingSpeeds([], [1], 0)).rejects.toThrow(RangeError)
})
