import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync } from 'node:fs'
import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './temporary-folder.fixture'
import { sweepTemporaryFiles, writeWhole } from './whole-file'
import { WriteError } from './write-error'

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

test('a symbolic link stays, and what it leads to is replaced, also when it is not there yet', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'there'))
  await writeFile(join(folder, 'there', 'old'), 'old')
  await symlink('there/old', join(folder, 'link'))
  await symlink('link', join(folder, 'second link'))
  await symlink(join('made', 'new'), join(folder, 'dangling'))
  await writeWhole(join(folder, 'second link'), 'new')
  await writeWhole(join(folder, 'dangling'), 'newer')
  expect(await readlink(join(folder, 'second link'))).toBe('link')
  expect(await readlink(join(folder, 'link'))).toBe('there/old')
  expect(await readFile(join(folder, 'there', 'old'), 'utf8')).toBe('new')
  expect(await readlink(join(folder, 'dangling'))).toBe(join('made', 'new'))
  expect(await readFile(join(folder, 'made', 'new'), 'utf8')).toBe('newer')
  await symlink('circle', join(folder, 'circle'))
  await expect(writeWhole(join(folder, 'circle'), '')).rejects.toThrow(/circle of symbolic links/)
})

test('the content fails as it is, and leaves nothing', async () => {
  const folder = await temporaryFolder()
  const failure = new RangeError('this text has no end')
  async function* content() {
    yield Uint8Array.of(1)
    throw failure
  }
  await expect(writeWhole(join(folder, 'a'), content())).rejects.toBe(failure)
  expect(await readdir(folder)).toEqual([])
})

test.runIf(existsSync('/dev/full'))('a device is written to and stays one', async () => {
  await writeWhole('/dev/null', 'text')
  const full = writeWhole('/dev/full', 'text')
  await expect(full).rejects.toThrow(WriteError)
  await expect(full).rejects.toThrow(/^cannot write \/dev\/full: the disk is full$/)
  expect((await lstat('/dev/full')).isCharacterDevice()).toBe(true)
})

test.skipIf(process.platform === 'win32')('a pipe is written to and stays one', async () => {
  const pipe = join(await temporaryFolder(), 'pipe')
  execFileSync('mkfifo', [pipe])
  const written = writeWhole(pipe, 'text')
  const chunks: string[] = []
  for await (const chunk of createReadStream(pipe, 'utf8')) chunks.push(chunk)
  await written
  expect(chunks.join('')).toBe('text')
  expect((await lstat(pipe)).isFIFO()).toBe(true)
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
