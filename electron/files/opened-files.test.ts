import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../node/temporary-folder.fixture'
import { createOpenedFiles } from './opened-files'

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251)

test('a file is read in parts by the id that it was given', async () => {
  const path = join(await temporaryFolder(), 'trace.safetensors')
  await writeFile(path, bytes)
  const remembered: string[] = []
  const files = createOpenedFiles(async (opened) => void remembered.push(opened))
  const { id, name, size } = await files.open(path)
  expect([name, size, remembered]).toEqual(['trace.safetensors', 1000, [path]])
  expect(await files.read({ id, start: 0, end: 1000 })).toEqual(bytes)
  expect(await files.read({ id, start: 997, end: 1000 })).toEqual(bytes.slice(997))
  expect(await files.read({ id, start: 1000, end: 1000 })).toEqual(new Uint8Array())
})

test('only what was opened is read, and only within its bounds', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'a.json')
  await writeFile(path, bytes)
  const files = createOpenedFiles(async () => undefined)
  const { id } = await files.open(path)
  await expect(files.read({ id: path, start: 0, end: 1 })).rejects.toThrow('was not opened in this session')
  await expect(files.read({ id, start: 0, end: 1001 })).rejects.toThrow(
    'a.json cannot be read: expected bytes 0 to 1001, found its end at 1000'
  )
  await truncate(path, 10)
  await expect(files.read({ id, start: 0, end: 1000 })).rejects.toThrow('found its end at 10; open it again')
})

test('what is no file cannot be opened, and is not remembered', async () => {
  const folder = await temporaryFolder()
  const remembered: string[] = []
  const files = createOpenedFiles(async (opened) => void remembered.push(opened))
  await expect(files.open(join(folder, 'none'))).rejects.toThrow(/^none cannot be opened: ENOENT/)
  await expect(files.open(folder)).rejects.toThrow(/cannot be opened: expected a file, found something else at/)
  expect(remembered).toEqual([])
})
