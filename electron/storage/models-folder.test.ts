import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../node/temporary-folder.fixture'
import { keepIn } from './kept'
import { createModelsFolder } from './models-folder'
import { createTurns } from './turns'

test('a chosen folder is remembered until it is reset', async () => {
  const folder = await temporaryFolder()
  const chosen = await temporaryFolder()
  const start = () =>
    createModelsFolder(
      keepIn(folder, createTurns(), () => undefined),
      folder
    )
  const own = { path: join(folder, 'models'), chosen: false }
  expect(start().now).toEqual(own)
  expect(await start().choose(chosen)).toEqual({ path: chosen, chosen: true })
  expect(start().now).toEqual({ path: chosen, chosen: true })
  expect(await start().reset()).toEqual(own)
  expect(start().now).toEqual(own)
})

test('a folder in which nothing can be written is not taken', async () => {
  const folder = await temporaryFolder()
  const models = createModelsFolder(
    keepIn(folder, createTurns(), () => undefined),
    folder
  )
  const file = join(folder, 'file')
  await writeFile(file, '')
  await expect(models.choose(file)).rejects.toThrow(/models cannot be kept in .*file: E.*choose another folder/)
  expect(models.now.chosen).toBe(false)
})
