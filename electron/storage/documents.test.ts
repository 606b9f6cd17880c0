import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../node/temporary-folder.fixture'
import { createDocuments } from './documents'
import { createTurns } from './turns'

test('a document comes back as it was stored, and null is what was never stored', async () => {
  const folder = await temporaryFolder()
  const documents = createDocuments(join(folder, 'made'), createTurns())
  expect(await documents.recall('state')).toBeNull()
  const value = { a: [1, 'zwei', null, true], b: { c: 0.1 } }
  await documents.store('state', value)
  await documents.store('settings', 'other')
  const again = createDocuments(join(folder, 'made'), createTurns())
  expect(await again.recall('state')).toEqual({ value })
  expect(await again.recall('settings')).toEqual({ value: 'other' })
})

test('of many stores at once the last one stays', async () => {
  const folder = await temporaryFolder()
  const documents = createDocuments(folder, createTurns())
  // The first are the longest to write.
  const stores = Array.from({ length: 30 }, (_, i) => documents.store('state', 'x'.repeat(300_000 - 10_000 * i)))
  await Promise.all(stores)
  expect(await documents.recall('state')).toEqual({ value: 'x'.repeat(10_000) })
  expect(await readdir(folder)).toEqual(['state.json'])
})

test.each([
  ['cut off', '{"theme": "da'],
  ['empty', ''],
  ['zeros, as after a loss of power', '\0\0\0\0'],
  ['no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)]
])('a document that is %s is set aside unchanged and tells why', async (_name, content) => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'settings.json'), content)
  const documents = createDocuments(folder, createTurns())
  const found = await documents.recall('settings')
  if (found === null || !('damaged' in found)) throw new Error('expected a damaged document')
  expect(found.damaged.length).toBeGreaterThan(10)
  expect(found.setAside).toMatch(/settings\.damaged-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.json$/)
  expect(await readFile(found.setAside)).toEqual(Buffer.from(content))
  expect(await documents.recall('settings')).toBeNull()
  await documents.store('settings', {})
  expect(await documents.recall('settings')).toEqual({ value: {} })
})

test('a folder in the place of a document is set aside, too', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'state.json'))
  await writeFile(join(folder, 'state.json', 'kept'), '')
  const found = await createDocuments(folder, createTurns()).recall('state')
  if (found === null || !('damaged' in found)) throw new Error('expected a damaged document')
  expect(await readdir(found.setAside)).toEqual(['kept'])
})

test('documents that are set aside in the same moment do not replace each other', async () => {
  const folder = await temporaryFolder()
  const documents = createDocuments(folder, createTurns())
  for (const value of [1, 2, 3]) {
    await documents.store('state', value)
    await documents.setAside('state')
  }
  const names = await readdir(folder)
  const values = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  expect(values.map(Number).toSorted((a, b) => a - b)).toEqual([1, 2, 3])
  await expect(documents.setAside('state')).rejects.toThrow(/cannot set .*state\.json aside as .*ENOENT/)
})
