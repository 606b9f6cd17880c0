import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './temporary-folder.fixture'
import { sweepTemporaryFiles, writeWhole } from './whole-file'

const leftOver = 'settings.json.1b4e28ba-2fa1-41d2-883f-0016d3cca427.tmp'

test('text and bytes are written whole, in a folder that is made for them', async () => {
  const path = join(await temporaryFolder(), 'a', 'b')
  await writeWhole(join(path, 'c.txt'), 'text')
  await writeWhole(join(path, 'd.bin'), Uint8Array.of(0, 255))
  expect(await readFile(join(path, 'c.txt'), 'utf8')).toBe('text')
  expect([...(await readFile(join(path, 'd.bin')))]).toEqual([0, 255])
  expect(await readdir(path)).toEqual(['c.txt', 'd.bin'])
})

test('when a file cannot be written, the reason names it, and nothing is left over', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'taken'))
  await writeFile(join(folder, 'taken', 'kept'), 'kept')
  await expect(writeWhole(join(folder, 'taken'), 'new')).rejects.toThrow(/^cannot write .*taken: .*is unchanged$/)
  expect(await readdir(folder)).toEqual(['taken'])
})

test('what killed writes left is swept, and nothing else', async () => {
  const folder = await temporaryFolder()
  for (const name of [leftOver, 'settings.json', 'mine.tmp', 'x.1b4e28ba.tmp']) await writeFile(join(folder, name), '')
  expect(await sweepTemporaryFiles(folder)).toEqual([leftOver])
  expect(await readdir(folder)).toEqual(['mine.tmp', 'settings.json', 'x.1b4e28ba.tmp'])
  expect(await sweepTemporaryFiles(join(folder, 'none'))).toEqual([])
})

test('a write that is going on is not swept away', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'large')
  const written = writeWhole(path, new Uint8Array(8_000_000).fill(7))
  const names = new Set<string>()
  for (let i = 0; i < 50 && !names.has('large'); i++) {
    for (const name of await readdir(folder)) names.add(name)
    expect(await sweepTemporaryFiles(folder)).toEqual([])
  }
  await written
  expect((await readFile(path)).length).toBe(8_000_000)
  expect([...names].some((name) => name.endsWith('.tmp'))).toBe(true)
})
