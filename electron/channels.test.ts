import { expect, test } from 'vitest'
import * as contract from './channels'

const kind = { description: 'Run record', extensions: ['json'] }
const save = { name: 'run.json', kind, content: '{}' }
const id = '1b4e28ba-2fa1-41d2-883f-0016d3cca427'

test('a request that the page makes is accepted as it is', () => {
  expect(contract.saveFileRequest.parse(save)).toEqual(save)
  expect(contract.saveFileRequest.parse({ ...save, content: Uint8Array.of(1) }).content).toEqual(Uint8Array.of(1))
  expect(contract.openFileRequest.parse({ kind })).toEqual({ kind })
  const story = { kind: { ...kind, extensions: ['moescope-story'] } }
  expect(contract.openFileRequest.parse(story)).toEqual(story)
  const range = { id, start: 5, end: 5 + contract.maxBytesPerRead }
  expect(contract.readFileRequest.parse(range)).toEqual(range)
})

test.each([
  undefined,
  null,
  'run.json',
  { ...save, name: '' },
  { ...save, content: 1 },
  { ...save, content: [1, 2] },
  { ...save, kind: { ...kind, extensions: [] } },
  { ...save, kind: { ...kind, extensions: ['../x'] } },
  { ...save, path: '/etc/passwd' }
])('%j is no request to save', (request) => {
  expect(contract.saveFileRequest.safeParse(request).success).toBe(false)
})

test.each([
  { id, start: 2, end: 1 },
  { id, start: -1, end: 1 },
  { id, start: 0.5, end: 1 },
  { id, start: 0, end: contract.maxBytesPerRead + 1 },
  { id, start: 0, end: 2 ** 60 },
  { id: '/etc/passwd', start: 0, end: 1 }
])('%j is no range', (request) => {
  expect(contract.readFileRequest.safeParse(request).success).toBe(false)
})

test.each(['..', '.', '', 'a/b', 'a\\b', 'A', '-a', 'con', 'lpt1', 'a.b', 'a'.repeat(65)])(
  '%j names no folder',
  (name) => {
    expect(contract.folderId.safeParse(name).success).toBe(false)
  }
)

test.each(['moe-64', 'console', '0', 'a'.repeat(64)])('%j names a folder', (name) => {
  expect(contract.folderId.parse(name)).toBe(name)
})

test.each([
  '..',
  '../a.json',
  'a/../b.json',
  '/a.json',
  'a//b.json',
  'a\\b.json',
  'a',
  'a.exe',
  'a.json/b',
  'A.json',
  '.a.json',
  'con.json',
  'nul/a.json',
  'a/b/c/d/e.json',
  `${'a'.repeat(65)}.json`
])('%j names no file of a folder', (name) => {
  expect(contract.folderFileName.safeParse(name).success).toBe(false)
})

test.each(['lab-run.json', 'tokenizer_config.json', 'checkpoints/step-61/model.safetensors', 'console.jsonl'])(
  '%j names a file of a folder',
  (name) => {
    expect(contract.folderFileName.parse(name)).toBe(name)
  }
)
