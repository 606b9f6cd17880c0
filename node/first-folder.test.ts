import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { writeToFirstFolder } from './first-folder'
import { temporaryFolder } from './temporary-folder.fixture'
import { WriteError } from './write-error'

const files = [
  { name: 'config.json', content: '{}' },
  { name: 'model.safetensors', content: Uint8Array.of(1, 2) }
]

test('files go into the folder that was asked for', async () => {
  const folder = join(await temporaryFolder(), 'new')
  expect(await writeToFirstFolder(folder, files)).toEqual({ folder, refusal: undefined })
  expect(await readdir(folder)).toEqual(['config.json', 'model.safetensors'])
})

test('when it cannot be written, all of them go into a folder of their own in the spare one', async () => {
  const spare = await temporaryFolder()
  const file = join(await temporaryFolder(), 'file')
  await writeFile(file, 'in the way')
  const { folder, refusal } = await writeToFirstFolder(join(file, 'model'), files, spare)
  expect(dirname(folder)).toBe(spare)
  expect(await readFile(join(folder, 'config.json'), 'utf8')).toBe('{}')
  expect([...(await readFile(join(folder, 'model.safetensors')))]).toEqual([1, 2])
  expect(refusal?.message).toMatch(/^cannot write .*config\.json: a part of its path is a file, not a folder/)
})

test('when nothing can be written, the first refusal is told', async () => {
  const file = join(await temporaryFolder(), 'file')
  await writeFile(file, 'in the way')
  const lost = writeToFirstFolder(join(file, 'model'), files, join(file, 'spare'))
  await expect(lost).rejects.toThrow(WriteError)
  await expect(lost).rejects.toThrow(/file\/model\/config\.json/)
})
