import { currentEdition } from '@core/corpus'
import { expect, test } from 'vitest'
import { defaultPrompts } from '../compare/choices'
import { createMemoryHost, type MemoryHost } from '../host/memory'
import { recallBeginning } from './beginning'
import { defaultChoices } from './choices'
import { writeLink } from './link'
import { defaultSettings } from './settings'
import { settingsFormat, writeState, writeVersioned } from './versioned'

const left = { ...defaultChoices, view: 'compare', prompt: 'n6x:', seed: 41 } as const

function hostWith(documents: Record<string, unknown>, more: Partial<MemoryHost> = {}): MemoryHost {
  const host = Object.assign(createMemoryHost(), more)
  for (const [name, value] of Object.entries(documents)) host.documents.set(name, value)
  return host
}

test('a first start is the front page with the defaults', async () => {
  expect(await recallBeginning(createMemoryHost(), '')).toMatchObject({
    choices: defaultChoices,
    settings: defaultSettings,
    warnings: [],
    continuable: false
  })
})

test('what was chosen the last time is there, behind the front page', async () => {
  const settings = { ...defaultSettings, textSize: 150 }
  const host = hostWith({
    state: writeState({ choices: left }),
    settings: writeVersioned(settingsFormat, { settings })
  })
  expect(await recallBeginning(host, '')).toMatchObject({
    choices: { ...left, view: 'home' },
    settings,
    continuable: true
  })
})

test('the first prompt of an earlier corpus is not kept, since nobody chose it; another is', async () => {
  const startWith = (prompt: string) => {
    const state = { format: 'moescope.state/3', choices: { ...left, prompt } }
    return recallBeginning(hostWith({ state }), '')
  }
  expect((await startWith(defaultPrompts[1])).choices?.prompt).toBe(defaultPrompts[currentEdition])
  expect((await startWith('geba lives in ')).choices?.prompt).toBe('geba lives in ')
})

test('after a crash it opens where it was', async () => {
  const host = hostWith({ state: writeState({ choices: left }) }, { lastCrash: async () => 'page: out of memory' })
  expect(await recallBeginning(host, '')).toMatchObject({ choices: left, crash: 'page: out of memory' })
})

test('a talk that was killed goes on in its chapter, with its clock, on the stage or in the editor', async () => {
  for (const edit of [false, true]) {
    const story = { id: 'smaller-please', chapter: 4, edit, fromEditor: !edit, speaker: false }
    const since = { story: Date.now() - 300_000, chapter: Date.now() - 60_000 }
    const state = writeState({ choices: { ...left, view: 'stories', story }, toldSince: since })
    const crashed = { lastCrash: async () => 'killed' }
    const { choices, toldSince } = await recallBeginning(hostWith({ state }, crashed), '')
    const yesterday = { story: since.story - 86_400_000, chapter: since.chapter - 86_400_000 }
    const old = writeState({ choices: { ...left, view: 'stories', story }, toldSince: yesterday })
    expect((await recallBeginning(hostWith({ state: old }, crashed), '')).toldSince).toBeUndefined()
    expect(choices).toMatchObject({ view: 'stories', story })
    expect(toldSince).toEqual(since)
    expect((await recallBeginning(hostWith({ state }), '')).toldSince).toBeUndefined()
  }
})

test('a link goes before what was kept, and names what it cannot say', async () => {
  const host = hostWith({ state: writeState({ choices: left }) })
  const { choices, warnings, continuable } = await recallBeginning(host, '#edition=2&prompt=rev+abdc%3E&colour=red')
  expect(choices).toEqual({ ...defaultChoices, view: 'compare', prompt: 'rev abdc>' })
  expect(warnings).toEqual([expect.stringContaining('colour')])
  expect(continuable).toBe(false)
})

test('opened again, the page has also what was too long for its address', async () => {
  const choices = { ...left, prompt: '\u4e00'.repeat(4000) }
  const host = hostWith({ state: writeState({ choices }) })
  const fragment = `#${writeLink(choices)}`
  expect(fragment.length).toBeLessThan(200)
  expect(await recallBeginning(host, fragment)).toMatchObject({ choices, warnings: [] })
  const elsewhere = await recallBeginning(createMemoryHost(), fragment)
  expect(elsewhere.choices?.prompt).toBe(defaultChoices.prompt)
  expect(elsewhere.warnings).toEqual([expect.stringContaining('prompt')])
})

test('a first comparison has the seed of the settings', async () => {
  const host = hostWith({ settings: writeVersioned(settingsFormat, { settings: { ...defaultSettings, seed: 99 } }) })
  expect((await recallBeginning(host, '')).choices?.seed).toBe(99)
})

test('documents that cannot be used are set aside with a warning, and the defaults are taken', async () => {
  const damaged = { format: 'moescope.settings/1', settings: { textSize: 'huge' } }
  const host = hostWith({ settings: damaged, state: { format: 'moescope.state/77' } })
  const { settings, choices, warnings = [] } = await recallBeginning(host, '')
  expect(settings).toEqual(defaultSettings)
  expect(choices).toEqual(defaultChoices)
  expect(warnings).toEqual([expect.stringContaining('textSize'), expect.stringContaining('newer Moescope')])
  expect(host.documents.get('settings.damaged')).toEqual(damaged)
  expect(host.documents.has('settings')).toBe(false)
})

test('a document that the host found damaged is told, with its place', async () => {
  const host = hostWith({}, { recall: async () => ({ damaged: 'not JSON', setAside: '/x/settings.damaged.json' }) })
  const { warnings = [] } = await recallBeginning(host, '')
  expect(warnings[0]).toContain('not JSON')
  expect(warnings[0]).toContain('/x/settings.damaged.json')
})

test('where nothing is kept, that is said', async () => {
  const host = hostWith({}, { problem: 'the folder cannot be written' })
  expect((await recallBeginning(host, '')).warnings).toEqual([
    'Nothing will be kept beyond this session: the folder cannot be written.'
  ])
})
