import { countDescription } from '@core/arch/count/parameters'
import { describeGalleryModel } from '@core/arch/gallery'
import { gallery } from '@core/arch/gallery.fixture'
import { expect, test } from 'vitest'
import { layerGroups, placesText } from './layer-groups'

const groupsOf = (id: string) =>
  layerGroups(describeGalleryModel(gallery.find((each) => each.id === id) ?? expect.fail(`no model '${id}'`)))

test.each(gallery.map(({ id }) => id))('the groups of %s make up its total and its active parameters', (id) => {
  const model = gallery.find((each) => each.id === id) ?? expect.fail()
  const { total, active } = countDescription(describeGalleryModel(model))
  const sum = (of: 'parameters' | 'active') =>
    groupsOf(id).reduce((all, { times, parts }) => all + times * parts.reduce((one, part) => one + part[of], 0), 0)
  expect(sum('parameters')).toBe(total)
  expect(sum('active') / active.all).toBeCloseTo(1, 9)
})

// arXiv 2412.19437, section 4.2: 61 layers, the first three of which are dense.
test('DeepSeek-V3', () => {
  expect(groupsOf('deepseek-v3').map(({ name, times }) => [name, times])).toEqual([
    ['embedding', 1],
    ['layers 0–2', 3],
    ['layers 3–60', 58],
    ['output', 1]
  ])
})

// arXiv 2403.19887, section 3.1: blocks of eight layers, one of attention; experts in every second.
test('Jamba', () => {
  expect(groupsOf('jamba-v0.1').map(({ name, times }) => [name, times])).toEqual([
    ['embedding', 1],
    ['12 layers from 0 to 30', 12],
    ['every 2nd layer from 1', 16],
    ['every 8th layer from 4', 4],
    ['output', 1]
  ])
})

test('an encoder and a decoder keep their names', () => {
  expect(groupsOf('nllb-moe-54b').map(({ name }) => name.split(' ')[0])).toEqual(
    expect.arrayContaining(['encoder', 'decoder'])
  )
})

test.each([
  [[0], 'layer 0'],
  [[3, 4, 5], 'layers 3–5'],
  [[7, 15, 23], 'every 8th layer from 7'],
  [[0, 4, 5], '3 layers from 0 to 5'],
  [[2, 9], '2 layers from 2 to 9']
])('%j', (places, text) => {
  expect(placesText(places)).toBe(text)
})
