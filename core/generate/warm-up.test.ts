import { expect, test } from 'vitest'
import { denseArchitecture } from '../arch/presets'
import { tokenizer } from '../corpus'
import { warmUp } from './warm-up'

const reading = { logits: [], routing: () => [], runtimeMs: 0 }

/** A decoder that counts what it reads. */
function counting(context: number) {
  const read = { windows: [] as number[], steps: 0 }
  const architecture = { ...denseArchitecture({ width: 16, vocabularySize: tokenizer.size }), context }
  const decoder = {
    model: { id: '', architecture, parameters: new Float32Array(), tokenizer, report: undefined },
    get room() {
      return context - (read.windows.at(-1) ?? 0) - read.steps
    },
    prefill: async (tokens: readonly number[]) => {
      read.windows.push(tokens.length)
      return reading
    },
    step: async () => {
      read.steps++
      return reading
    }
  }
  return { decoder, read }
}

test('each decoder reads a window, and then they take turns until their contexts are full', async () => {
  const [one, other] = [counting(40), counting(64)]
  await warmUp([one.decoder, other.decoder], Number.POSITIVE_INFINITY)
  expect(one.read).toEqual({ windows: [32], steps: 8 })
  expect(other.read).toEqual({ windows: [32], steps: 8 })
})

test('the window fits the smallest context, and a time that has come still reads it', async () => {
  const { decoder, read } = counting(8)
  await warmUp([decoder], 0)
  expect(read).toEqual({ windows: [8], steps: 0 })
})
