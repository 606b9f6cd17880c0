import { gallery } from '@core/arch/gallery.fixture'
import { expect, test } from 'vitest'
import { galleryRows } from './gallery-rows'
import { gallerySubjects, openedSubject } from './subjects'

const subjects = gallerySubjects(gallery)
const rows = (chosen: Partial<Parameters<typeof galleryRows>[1]>) =>
  galleryRows(subjects, { filter: '', kind: 'all', sort: 'total', descending: true, ...chosen }).map(({ id }) => id)

test('the heaviest first, or the lightest', () => {
  expect(rows({}).slice(0, 2)).toEqual(['switch-c-2048', 'kimi-k2'])
  expect(rows({ descending: false })[0]).toBe('bert-base')
})

test('every word of the filter must be there, whatever its case', () => {
  expect(rows({ filter: 'qwen 2024' })).toEqual(['qwen1.5-moe'])
  expect(rows({ filter: 'LLAMA', kind: 'moe' })).toEqual(['llama-4-maverick'])
  expect(rows({ filter: 'xyzzy' })).toEqual([])
})

test('what is not known comes last in both orders', () => {
  const dense = new Set(subjects.filter(({ experts }) => experts === null).map(({ id }) => id))
  for (const descending of [true, false]) {
    expect(
      rows({ sort: 'experts', descending })
        .slice(-dense.size)
        .every((id) => dense.has(id))
    ).toBe(true)
  }
})

test('an opened config.json is a model, or says what is wrong', () => {
  const config = gallery.find(({ id }) => id === 'mixtral-8x7b')?.config ?? {}
  const opened = { name: 'config.json', bestEffort: false }
  expect(openedSubject({ ...opened, config })).toMatchObject({ kind: 'moe', count: { total: 46_702_792_704 } })
  const unknown = { ...config, model_type: 'mixtrall' }
  expect(openedSubject({ ...opened, config: unknown })).toMatchObject({
    offersBestEffort: true,
    unknownKind: 'mixtrall',
    message: expect.stringContaining('mixtral')
  })
  const read = openedSubject({ ...opened, config: unknown, bestEffort: true })
  expect(read).toMatchObject({ name: 'config.json (best effort)', count: { total: 46_702_792_704 } })
  expect(openedSubject({ ...opened, config: { ...config, hidden_size: -1 } })).toMatchObject({
    offersBestEffort: false,
    unknownKind: undefined,
    message: expect.stringContaining('hidden_size')
  })
})
