import { expect, test } from 'vitest'
import { openTextRequest, saveTextRequest } from './channels'

const kind = { description: 'Run record', extensions: ['json'] }

test('a request that the page makes is accepted as it is', () => {
  const save = { name: 'run.json', kind, text: '{}' }
  expect(saveTextRequest.parse(save)).toEqual(save)
  expect(openTextRequest.parse({ kind })).toEqual({ kind })
})

test.each([
  undefined,
  null,
  'run.json',
  { name: '', kind, text: '' },
  { name: 'run.json', kind, text: 1 },
  { name: 'run.json', kind: { ...kind, extensions: [] }, text: '' },
  { name: 'run.json', kind: { ...kind, extensions: ['../x'] }, text: '' }
])('%j is no request to save', (request) => {
  expect(saveTextRequest.safeParse(request).success).toBe(false)
})
