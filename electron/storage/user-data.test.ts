import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../node/temporary-folder.fixture'
import { usableFolder } from './user-data'

test('the preferred folder is made and taken, and nothing is left in it', async () => {
  const folder = join(await temporaryFolder(), 'a', 'b')
  const facts = usableFolder(folder, () => {
    throw new Error('no temporary folder is needed')
  })
  expect(facts).toEqual({ folder, problem: null })
  expect(readdirSync(folder)).toEqual([])
})

test('where nothing can be written, a temporary folder is taken, and a sentence says why', async () => {
  const parent = await temporaryFolder()
  await writeFile(join(parent, 'file'), '')
  const temporary = join(parent, 'temporary')
  const { folder, problem } = usableFolder(join(parent, 'file'), () => temporary)
  expect(folder).toBe(temporary)
  expect(problem).toMatch(/^Nothing is kept beyond this session, because .*file cannot be written: E\w+.*\.$/)
})
