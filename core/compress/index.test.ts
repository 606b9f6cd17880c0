import { describe, expect, test } from 'vitest'
import { calibrationOf, dense, storedModel } from './compress.fixture'
import { compress, readTransform, transforms } from './index'

describe.each(transforms)('$id', ({ id, settings, papers, saves }) => {
  test('says what it saves, where it is from, and what each of its settings does', () => {
    expect(saves).not.toBe('')
    for (const { arxiv, place } of papers) {
      expect(arxiv).toMatch(/^\d{4}\.\d{5}$/)
      expect(place).toMatch(/\w/)
    }
    for (const { description } of Object.values(settings.shape)) expect(description).toMatch(/\w/)
  })

  test('has a default for every setting, and refuses one that it does not know', () => {
    expect(Object.keys(readTransform({ id }))).toEqual(['id', ...Object.keys(settings.shape)])
    expect(() => readTransform({ id, depth: 2 })).toThrow(`${id}: `)
  })
})

test('wrong settings are told with what is expected', () => {
  expect(() => readTransform({ id: 'rtn', bits: 5 })).toThrow('rtn: bits: expected 8, 4, 3 or 2')
  expect(() => readTransform({ id: 'squeeze' })).toThrow("transform 'squeeze': expected one of rtn")
})

test('a chain of none is the model itself', async () => {
  const model = storedModel(dense)
  expect(await compress(model, [], calibrationOf(dense))).toBe(model)
})
