import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../node/temporary-folder.fixture'
import { keepIn } from '../storage/kept'
import { createTurns } from '../storage/turns'
import { createRecentFiles } from './recent-files'

async function emptyList() {
  const folder = await temporaryFolder()
  const system: string[] = []
  const complaints: unknown[] = []
  const recents = {
    addRecentDocument: (path: string) => void system.push(path),
    clearRecentDocuments: () => void system.splice(0)
  }
  const complain = (error: unknown) => void complaints.push(error)
  const start = () => createRecentFiles(keepIn(folder, createTurns(), complain), recents, complain)
  const file = async (name: string) => {
    await writeFile(join(folder, name), '')
    return join(folder, name)
  }
  return { folder, system, complaints, start, file }
}

test('the latest is first, once, and at most twelve are kept, also at the next start', async () => {
  const { folder, system, start, file } = await emptyList()
  const began = Date.now()
  const list = start()
  for (let i = 0; i < 14; i++) await list.add(await file(`${i}.json`))
  await list.add(join(folder, '5.json'))
  const entries = await start().list()
  expect(entries.map(({ name }) => name)).toEqual(
    [5, 13, 12, 11, 10, 9, 8, 7, 6, 4, 3, 2].map((each) => `${each}.json`)
  )
  expect(new Set(entries.map(({ id }) => id)).size).toBe(12)
  expect(entries[0]).toMatchObject({ folder })
  expect(entries[0]?.opened).toBeGreaterThanOrEqual(began)
  expect(entries[0]?.opened).toBeLessThanOrEqual(Date.now())
  expect(system).toHaveLength(15)
})

test('files that are gone are dropped for good', async () => {
  const { start, file } = await emptyList()
  const list = start()
  const [a, b] = [await file('a.json'), await file('b.json')]
  await list.add(a)
  await list.add(b)
  await rm(b)
  expect((await list.list()).map(({ name }) => name)).toEqual(['a.json'])
  await writeFile(b, '')
  expect((await start().list()).map(({ name }) => name)).toEqual(['a.json'])
})

test('an entry leads to its path, and no other id does', async () => {
  const { start, file } = await emptyList()
  const path = await file('a.json')
  await start().add(path)
  const list = start()
  const [entry] = await list.list()
  expect(list.pathOf(entry?.id ?? '')).toBe(path)
  expect(() => list.pathOf(path)).toThrow('no longer in the list of recent files')
})

test('cleared is cleared, in the system, too', async () => {
  const { system, start, file } = await emptyList()
  const list = start()
  await list.add(await file('a.json'))
  await list.clear()
  expect([await list.list(), await start().list(), system]).toEqual([[], [], []])
})

test('a list that cannot be written does not keep a file from being opened', async () => {
  const { folder, complaints, start, file } = await emptyList()
  const path = await file('a.json')
  const list = start()
  await rm(folder, { recursive: true })
  await writeFile(folder, 'a file in the place of the folder')
  await list.add(path)
  expect(String(complaints[0])).toMatch(/cannot write .*recent-files\.json/)
})
