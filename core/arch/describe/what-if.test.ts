import { describe, expect, test } from 'vitest'
import { countDescription } from '../count/parameters'
import { describeGalleryModel } from '../gallery'
import { configOf, gallery } from '../gallery.fixture'
import { readDescription } from './read'
import { changeDescription, type DescriptionChange } from './what-if'

const of = (id: string, keys: object = {}) => readDescription({ ...configOf(id), ...keys })
const count = (id: string, change: DescriptionChange) => countDescription(changeDescription(of(id), change))

test('no change is no change, in any model', () => {
  for (const model of gallery) {
    const description = describeGalleryModel(model)
    expect(countDescription(changeDescription(description, {}))).toEqual(countDescription(description))
  }
})

describe('a change counts as the config.json with other keys', () => {
  test.each<[string, DescriptionChange, object]>([
    ['mixtral-8x7b', { experts: 16 }, { num_local_experts: 16 }],
    ['mixtral-8x7b', { topK: 1 }, { num_experts_per_tok: 1 }],
    ['mixtral-8x7b', { expertWidth: 7168, experts: 16, topK: 4 }, expertKeys(7168, 16, 4)],
    ['mixtral-8x7b', { tiedEmbeddings: true, vocabularySize: 999 }, { tie_word_embeddings: true, vocab_size: 999 }],
    ['deepseek-v3', { sharedExperts: 3 }, { n_shared_experts: 3 }],
    ['deepseek-v3', { sharedExperts: 0 }, { n_shared_experts: 0 }],
    ['deepseek-v3', { denseWidth: 1000 }, { intermediate_size: 1000 }],
    ['deepseek-v3', { width: 512 }, { hidden_size: 512 }],
    ['deepseek-v3', { layers: 70 }, { num_hidden_layers: 70 }],
    ['deepseek-v3', { layers: 2 }, { num_hidden_layers: 2 }],
    ['jamba-v0.1', { layers: 53 }, { num_hidden_layers: 53 }],
    ['qwen3-next-80b-a3b', { layers: 61, width: 1024 }, { num_hidden_layers: 61, hidden_size: 1024 }]
  ])('%s %j', (id, change, keys) => {
    expect(count(id, change)).toEqual(countDescription(of(id, keys)))
  })

  test('heads keep their sizes when the width changes', () => {
    expect(count('llama-3.1-8b', { width: 2048 })).toEqual(
      countDescription(of('llama-3.1-8b', { hidden_size: 2048, head_dim: 128 }))
    )
  })
})

test('windows go on with their pattern, also after a detour through JSON', () => {
  const stored = JSON.parse(JSON.stringify(of('gpt-oss-20b')))
  const [stack] = changeDescription(stored, { layers: 27 }).stacks
  const windows = stack?.blocks.map(({ mixers: [mixer] }) => (mixer?.kind === 'attention' ? mixer.window : null))
  expect(windows?.slice(-4)).toEqual([null, 128, null, 128])
})

test('the layers of an encoder-decoder are those of its decoder', () => {
  const { stacks } = changeDescription(of('switch-base-8'), { layers: 3 })
  expect(stacks.map(({ blocks }) => blocks.length)).toEqual([12, 3])
})

test.each<[DescriptionChange, RegExp]>([
  [{ topK: 9 }, /topK: expected at most the number of experts, 8, found 9/],
  [{ experts: 0 }, /experts: expected an integer from 1 .*found 0/],
  [{ width: 1.5 }, /width: .*found 1.5/],
  [{ layers: 20_000 }, /layers: expected an integer from 1 to 10000, found 20000/],
  [{ sharedExperts: -1 }, /sharedExperts: expected an integer from 0 .*found -1/]
])('%j is refused', (change, message) => {
  expect(() => count('mixtral-8x7b', change)).toThrow(message)
})

function expertKeys(intermediate_size: number, num_local_experts: number, num_experts_per_tok: number) {
  return { intermediate_size, num_local_experts, num_experts_per_tok }
}
