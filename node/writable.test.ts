import { existsSync } from 'node:fs'
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './temporary-folder.fixture'
import { ensureWritable, ensureWritableFolder } from './writable'
import { WriteError } from './write-error'

test('what could be written passes, and nothing is left of the check', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'old'), 'old')
  await symlink('old', join(folder, 'link'))
  for (const name of ['old', 'link', 'new', join('a', 'b', 'c')]) await ensureWritable(join(folder, name))
  await ensureWritableFolder(folder)
  await ensureWritableFolder(join(folder, 'a', 'b'))
  expect(await readdir(folder)).toEqual(['link', 'old'])
})

test('a folder is no file, and a file is no folder', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'taken'))
  await writeFile(join(folder, 'file'), '')
  await expect(ensureWritable(join(folder, 'taken'))).rejects.toThrow(/^cannot write .*taken: it is a folder/)
  await expect(ensureWritable(join(folder, 'file', 'below'))).rejects.toThrow(/below: a part of its path is a file/)
  await expect(ensureWritableFolder(join(folder, 'file'))).rejects.toThrow(/a part of its path is a file/)
  await expect(ensureWritableFolder(join(folder, 'file', 'below'))).rejects.toThrow(/a part of its path is a file/)
})

test('a link to a folder passes, and one to nothing is told with where it leads', async () => {
  const folder = await temporaryFolder()
  await symlink('there', join(folder, 'link'))
  await expect(ensureWritableFolder(join(folder, 'link'))).rejects.toThrow(
    /link: it is a symbolic link to .*there, which is not there: make that folder first$/
  )
  await mkdir(join(folder, 'there'))
  await ensureWritableFolder(join(folder, 'link'))
})

test.runIf(existsSync('/proc/self'))('/proc takes no files, and devices do', async () => {
  await ensureWritable('/dev/null')
  await expect(ensureWritableFolder('/proc/nope')).rejects.toThrow(WriteError)
  await expect(ensureWritableFolder('/proc/nope')).rejects.toThrow(
    /^cannot write \/proc\/nope: its folder cannot be made$/
  )
  await expect(ensureWritable('/proc/nope/file')).rejects.toThrow(WriteError)
})
