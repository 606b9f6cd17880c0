import { expect, test } from 'vitest'
import { denseArchitecture } from '../arch/presets'
import type { Decoder } from './decoder'
import { decodingSpeeds } from './decoding-speed'

/** A decoder that takes its time for each step, and says what it was given. */
function slowDecoder(name: string, context: number, milliseconds: number, heard: string[]): Decoder {
  const architecture = { ...denseArchitecture({ width: 8, vocabularySize: 5 }), context }
  const reading = { logits: [], routing: () => [], runtimeMs: 0 }
  const prefill = async (tokens: readonly number[]) => {
    heard.push(`${name} reads ${tokens.length}`)
    return reading
  }
  const step = async () => {
    heard.push(name)
    const until = performance.now() + milliseconds
    while (performance.now() < until);
    return reading
  }
  return { model: { architecture }, prefill, step } as unknown as Decoder
}

test('models write the second half of the shortest context in turns, the first rounds unmeasured', async () => {
  const heard: string[] = []
  const speeds = await decodingSpeeds([slowDecoder('a', 4, 1, heard), slowDecoder('b', 6, 4, heard)], { rounds: 2 })
  const [a, b] = [
    ['a reads 2', 'a', 'a'],
    ['b reads 2', 'b', 'b']
  ]
  expect(heard).toEqual([a, b, b, a, a, b, b, a].flat())
  expect(speeds.map(({ steps }) => steps)).toEqual([4, 4])
  // As slow as they are, and no faster: a token in a millisecond, and in four.
  expect(speeds[0]?.high).toBeLessThanOrEqual(1000)
  expect(speeds[1]?.high).toBeLessThanOrEqual(250)
})
