import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../node/temporary-folder.fixture'
import { createChosenFolders } from './chosen-folders'

test('a folder is read by its id, as it is at that moment, and nothing outside of it', async () => {
  const root = await temporaryFolder()
  const chosen = join(root, 'sweep')
  await mkdir(join(chosen, 'runs', 'a-1'), { recursive: true })
  await writeFile(join(chosen, 'store.json'), '{}')
  await writeFile(join(root, 'secret.txt'), 'secret')
  await symlink(join(root, 'secret.txt'), join(chosen, 'leak.txt'))
  const folders = createChosenFolders()
  const { id, name } = folders.open(chosen)
  expect(name).toBe('sweep')
  expect(await folders.files({ id })).toEqual([{ name: 'store.json', size: 2 }])
  expect(await folders.files({ id, path: 'runs/a-1' })).toEqual([])
  expect(await folders.files({ id, path: 'runs/b-2' })).toEqual([])
  expect(await folders.files({ id, path: 'store.json' })).toEqual([])
  await writeFile(join(chosen, 'runs', 'a-1', 'log.txt'), 'abc')
  expect(await folders.file({ id, path: 'runs/a-1/log.txt' })).toEqual({ name: 'log.txt', size: 3 })
  expect(new TextDecoder().decode(await folders.read({ id, path: 'runs/a-1/log.txt', start: 1, end: 3 }))).toBe('bc')
  for (const path of ['leak.txt', '../secret.txt', 'runs', 'none']) expect(await folders.file({ id, path })).toBeNull()
  await expect(folders.read({ id, path: '../secret.txt', start: 0, end: 1 })).rejects.toThrow('is gone')
  await expect(folders.files({ id: chosen })).rejects.toThrow('that folder was not opened in this session')
})
