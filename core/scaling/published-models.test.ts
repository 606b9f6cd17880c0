import { expect, test } from 'vitest'
import { trainingFlops } from './laws/chinchilla'
import { publishedModels } from './published-models'

const flopsOf = (name: string) => {
  const { active, tokens } = publishedModels.find((model) => model.name === name) ?? expect.fail(`no model '${name}'`)
  return trainingFlops({ parameters: active, tokens: tokens ?? Number.NaN })
}

// GPT-3: Brown et al. 2020, table D.1; Gopher and Chinchilla: Hoffmann et al. 2022, section 4; PaLM: Chowdhery et al.
// 2022, table 21; Llama 3.1: Dubey et al. 2024, section 1.
test.each([
  ['GPT-3', 3.14e23],
  ['Chinchilla', 5.76e23],
  ['PaLM 540B', 2.56e24],
  ['Llama 3.1 405B', 3.8e25]
])('size and tokens of %s give its published training compute', (name, flops) => {
  expect(Math.abs(flopsOf(name) / flops - 1)).toBeLessThan(0.03)
})

test('Gopher and Chinchilla had about the same compute', () => {
  expect(flopsOf('Gopher') / flopsOf('Chinchilla')).toBeCloseTo(0.86, 2)
})

test('names are unique, years do not fall, and only what is routed has fewer active parameters', () => {
  expect(new Set(publishedModels.map(({ name }) => name)).size).toBe(publishedModels.length)
  const years = publishedModels.map(({ year }) => year)
  expect(years).toEqual(years.toSorted((a, b) => a - b))
  for (const { active, total, role } of publishedModels) {
    if (role === 'moe') expect(active).toBeLessThan(total / 2)
    else expect(active).toBe(total)
  }
})

test('tokens that were not published are not there', () => {
  const unpublished = publishedModels.filter(({ tokens }) => tokens === null).map(({ name }) => name)
  expect(unpublished).toEqual(['Mistral 7B', 'Mixtral 8x7B', 'gpt-oss-120b'])
})
