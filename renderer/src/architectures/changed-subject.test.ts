import { gallery } from '@core/arch/gallery.fixture'
import { expect, test } from 'vitest'
import { changeableFields, changedSubject } from './changed-subject'
import { gallerySubjects } from './subjects'

const subjects = gallerySubjects(gallery)
const subject = (id: string) => subjects.find((each) => each.id === id) ?? expect.fail(`no model '${id}'`)

// arXiv 2412.19437, section 4.2.
test('the shape of DeepSeek-V3 as a form', () => {
  expect(changeableFields(subject('deepseek-v3'))).toEqual({
    experts: 256,
    topK: 8,
    expertWidth: 2048,
    sharedExperts: 1,
    denseWidth: 18432,
    layers: 61,
    width: 7168,
    vocabularySize: 129280
  })
  expect(changeableFields(subject('llama-3.1-8b'))).not.toHaveProperty('experts')
})

test('half of the experts are half of their weights less, with their rows of the router', () => {
  const original = subject('deepseek-v3')
  const changed = changedSubject(original, { experts: 128 })
  if (typeof changed === 'string') throw new Error(changed)
  const perExpert = 3 * 7168 * 2048 + 7168 + 1
  expect(original.count.total - changed.count.total).toBe(58 * 128 * perExpert)
  expect(changed.published).toBeNull()
  expect(changed.name).toBe('DeepSeek-V3 and R1 as changed')
})

test('without a change it is the same, and what cannot be is told', () => {
  const original = subject('mixtral-8x7b')
  expect(changedSubject(original, {})).toBe(original)
  expect(changedSubject(original, { topK: 9 })).toBe('topK: expected at most the number of experts, 8, found 9')
})
