import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../node/temporary-folder.fixture'
import { keepIn } from '../storage/kept'
import { createTurns } from '../storage/turns'
import { createWindowState, type WindowState } from './window-state'

const closed: WindowState = {
  bounds: { x: -10, y: 20, width: 1280, height: 800 },
  maximized: true,
  fullScreen: false,
  theme: 'dark'
}

test('a window is remembered as it was closed', async () => {
  const folder = await temporaryFolder()
  const start = () => createWindowState(keepIn(folder, createTurns(), () => undefined))
  expect(start().value).toEqual({ bounds: null, maximized: false, fullScreen: false, theme: 'system' })
  await start().set(closed)
  expect(start().value).toEqual(closed)
})

test.each([
  { ...closed, bounds: { x: 0, y: 0, width: 1e9, height: 800 } },
  { ...closed, bounds: { x: 0.5, y: 0, width: 1280, height: 800 } },
  { ...closed, bounds: { x: 0, y: 0, width: -1280, height: 800 } },
  { ...closed, theme: 'url(x)' },
  { ...closed, maximized: 'yes' }
])('%j is not believed', async (content) => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'window.json'), JSON.stringify(content))
  expect(createWindowState(keepIn(folder, createTurns(), () => undefined)).value.bounds).toBeNull()
})
