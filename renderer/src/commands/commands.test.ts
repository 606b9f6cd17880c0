import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import shippedGallery from '../../../assets/architectures.json'
import { createApp } from '../app/create-app'
import { loadGallery } from '../architectures/use-gallery'
import { createMemoryHost } from '../host/memory'
import { views } from '../state/choices'
import type { Command } from '../state/command'
import { commandOf } from '../state/command'
import { accelerator, keyName } from '../ui/keys'
import { commands } from './commands'
import { keepMenu, menuOf } from './menu'
import { findEntries, paletteGroups } from './palette-entries'

test('no two commands share an id or a key', () => {
  const ids = commands.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const keys = commands.flatMap(({ shortcuts = [] }) => shortcuts.map((key) => key.toLowerCase()))
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([])
})

test('whatever runs a command by its id finds it', () => {
  const folder = 'renderer/src'
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
  const asked = sources.flatMap((text) =>
    [...text.matchAll(/<CommandButton\s+id="([^"]+)"|\b(?:commandOf|runById)\(app, (.*)\)/g)].flatMap(
      ([, id, given = '']) => id ?? [...given.matchAll(/'([^']+)'/g)].map(([, each]) => each)
    )
  )
  expect(asked.length).toBeGreaterThan(30)
  const ids = commands.map(({ id }) => id)
  expect(asked.filter((id) => id === undefined || !ids.includes(id))).toEqual([])
})

test('the menu has every command once, with keys as Electron writes them', () => {
  const app = createApp(createMemoryHost())
  const menu = menuOf(app.store.getState())
  const entries = menu.flatMap(({ groups }) => groups.flat())
  expect(entries.map(({ command }) => command)).toEqual(commands.map(({ id }) => id))
  for (const { accelerator: keys = 'F1' } of entries)
    expect(keys).toMatch(/^(CmdOrCtrl\+)?(Shift\+)?([A-Z0,=+-]|F\d+)$/)
  expect(entries.find(({ command }) => command === 'undo')?.enabled).toBe(false)
})

test('the menu follows the state', async () => {
  const host = createMemoryHost()
  const app = createApp(host)
  const stop = keepMenu(app)
  const undo = () => host.menu.flatMap(({ groups }) => groups.flat()).find(({ command }) => command === 'undo')
  expect(undo()?.enabled).toBe(false)
  app.choose({ seed: 3 })
  await expect.poll(() => undo()?.enabled).toBe(true)
  stop()
})

test.each([
  [['Mod+Shift+Z'], 'Ctrl+Shift+Z', 'CmdOrCtrl+Shift+Z'],
  [[' '], 'Space', undefined],
  [['f', 'F11'], 'F', 'F11'],
  [['Mod+O', 'o'], 'Ctrl+O', 'CmdOrCtrl+O'],
  [['Alt+ArrowLeft'], 'Alt+←', undefined],
  [['PageDown'], 'Page Down', undefined],
  [undefined, undefined, undefined]
])('keys %j are written %s, in menus %s', (shortcuts, written, inMenus) => {
  const command = { ...commands[0], ...(shortcuts ? { shortcuts } : { shortcuts: [] }) } as Command
  expect(keyName(command)).toBe(written)
  expect(accelerator(command)).toBe(inMenus)
})

test('the palette finds by words in any order, in labels first', () => {
  const groups = paletteGroups(createApp(createMemoryHost()).store.getState())
  const labels = (query: string) =>
    findEntries(groups, query).flatMap(({ entries }) => entries.map(({ label }) => label))
  expect(labels('dark theme')).toEqual(['Light or dark', 'Theme: dark'])
  expect(labels('text 200')).toEqual(['Text size: 200 %'])
  expect(labels('night')).toContain('Light or dark')
  expect(labels('second')[0]).toBe('Open in a second window')
  expect(labels('brackets')).toEqual(['Prompt: closing brackets'])
  expect(labels('xyzzy')).toEqual([])
})

test('the palette finds real architectures, once they are read', async () => {
  const host = createMemoryHost()
  host.gallery = shippedGallery
  const app = createApp(host)
  const found = () => findEntries(paletteGroups(app.store.getState()), 'deepseek-v3')[0]?.entries ?? []
  expect(found()).toEqual([])
  await loadGallery(app)
  expect(found().map(({ label }) => label)).toEqual(['DeepSeek-V3 and R1', 'DeepSeek-V3.2'])
  found()[0]?.run(app)
  const { view, architectures } = app.store.getState().choices
  expect([view, architectures.screen, architectures.model]).toEqual(['architectures', 'one', 'deepseek-v3'])
})

test('an entry of the palette does what it says', () => {
  const app = createApp(createMemoryHost())
  const groups = paletteGroups(app.store.getState())
  findEntries(groups, 'theme: dark')[0]?.entries[0]?.run(app)
  expect(app.store.getState().settings.theme).toBe('dark')
})

test('larger and smaller text go through the sizes and stop at the ends', () => {
  const app = createApp(createMemoryHost())
  const size = () => app.store.getState().settings.textSize
  const press = (id: string) => {
    const command = commandOf(app, id)
    if (command.enabled(app.store.getState())) void command.run(app)
    return size()
  }
  expect(Array.from({ length: 7 }, () => press('larger-text'))).toEqual([110, 125, 150, 175, 200, 200, 200])
  expect(Array.from({ length: 6 }, () => press('smaller-text'))).toEqual([175, 150, 125, 110, 100, 100])
})

test('text goes back to its usual size, and a clicker goes from view to view until the last', () => {
  const app = createApp(createMemoryHost())
  const press = (id: string) => void commandOf(app, id).run(app)
  for (const id of ['larger-text', 'larger-text', 'usual-text']) press(id)
  expect(app.store.getState().settings.textSize).toBe(100)
  expect(commandOf(app, 'usual-text').enabled(app.store.getState())).toBe(false)
  const seen = views.slice(1).map(() => {
    press('next-view')
    return app.store.getState().choices.view
  })
  expect(seen).toEqual(views.slice(1))
  expect(commandOf(app, 'next-view').enabled(app.store.getState())).toBe(false)
  press('previous-view')
  expect(app.store.getState().choices.view).toBe(views.at(-2))
})
