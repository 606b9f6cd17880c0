import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../node/temporary-folder.fixture'
import { FailureError } from './errors'
import { openFileSource } from './file-source'

const content = Uint8Array.from({ length: 100 }, (_, i) => i)

test('parts of a file are read where they lie', async () => {
  const path = join(await temporaryFolder(), 'file')
  await writeFile(path, content)
  const source = await openFileSource(path)
  expect(source).toMatchObject({ name: path, size: 100 })
  expect([...(await source.bytes())]).toEqual([...content])
  expect([...(await source.bytes(97))]).toEqual([97, 98, 99])
  const [a, b, none] = await Promise.all([source.bytes(3, 6), source.bytes(90, 92), source.bytes(5, 5)])
  expect([[...a], [...b], [...none]]).toEqual([[3, 4, 5], [90, 91], []])
  await source.close()
})

test('bytes end where a file that was cut meanwhile ends', async () => {
  const path = join(await temporaryFolder(), 'file')
  await writeFile(path, content)
  const source = await openFileSource(path)
  await truncate(path, 50)
  expect([...(await source.bytes(48, 60))]).toEqual([48, 49])
  await source.close()
})

test('a file that is missing, or a folder, is named', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'nothing')
  await expect(openFileSource(path)).rejects.toThrow(`${path} does not exist`)
  await mkdir(path)
  await expect(openFileSource(path)).rejects.toThrow(`cannot read ${path}: it is a folder`)
  await expect(openFileSource(path)).rejects.toBeInstanceOf(FailureError)
})

test('a source that was closed cannot be read', async () => {
  const path = join(await temporaryFolder(), 'file')
  await writeFile(path, content)
  const source = await openFileSource(path)
  await source.close()
  await expect(source.bytes(0, 1)).rejects.toThrow(`cannot read ${path}`)
})
