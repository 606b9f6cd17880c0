import { currentEdition } from '@core/corpus'
import { expect, test } from 'vitest'
import { defaultLab, defaultTraining } from '../lab/choices'
import { defaultChoices } from './choices'
import { defaultSettings } from './settings'
import { readVersioned, settingsFormat, stateFormat, writeState, writeVersioned } from './versioned'

test('what is written is read back', () => {
  const choices = { ...defaultChoices, view: 'compare', prompt: 'geba lives in ', seed: 41 } as const
  const written = writeState({ choices })
  expect(written.format).toBe('moescope.state/4')
  expect(readVersioned(stateFormat, JSON.parse(JSON.stringify(written)))).toEqual({ edition: currentEdition, choices })
  const settings = { ...defaultSettings, textSize: 150 }
  expect(readVersioned(settingsFormat, writeVersioned(settingsFormat, { settings }))).toEqual({ settings })
})

test('a state of format 1 opens where it was left, without the settings that it held', () => {
  const choices = { prompt: 'n6x:', seed: 3, theme: 'dark', backend: 'webgpu', threads: 2 }
  expect(readVersioned(stateFormat, { format: 'moescope.state/1', choices })).toEqual({
    edition: 1,
    choices: { ...defaultChoices, view: 'compare', prompt: 'n6x:', seed: 3 }
  })
})

test('what an older document lacks has its default', () => {
  expect(readVersioned(settingsFormat, { format: 'moescope.settings/1', settings: { theme: 'dark' } })).toEqual({
    settings: { ...defaultSettings, theme: 'dark' }
  })
})

test('a state opens that was saved before all of what is chosen in the routing view was part of it', () => {
  const inspection = { page: 'alike', layer: 1, expert: 0, domains: [], text: '', onlyExpert: false, token: 0 }
  expect(readVersioned(stateFormat, { format: 'moescope.state/2', choices: { view: 'trace', inspection } })).toEqual({
    edition: 1,
    choices: { ...defaultChoices, view: 'trace', inspection: { ...defaultChoices.inspection, ...inspection } }
  })
})

test('the training of an older state is the only run of the Lab, and a view that was Train is the Lab', () => {
  const training = { ...defaultTraining, kind: 'dense', width: 48, seed: 9 } as const
  const read = (choices: object) => readVersioned(stateFormat, { format: 'moescope.state/2', choices }).choices
  expect(read({ view: 'train', training }).lab).toEqual({ ...defaultLab, runs: [training] })
  expect(read({ view: 'train', training }).view).toBe('lab')
  // A value that nobody had chosen was the default, and is it still.
  expect(read({ training: defaultTraining }).lab).toEqual(defaultLab)
})

test.each([
  [undefined, 'expected moescope.state/4, found no format'],
  [{ choices: {} }, 'expected moescope.state/4, found no format'],
  [{ format: 'moescope.run/1' }, 'expected moescope.state/4, found moescope.run/1'],
  [{ format: 'moescope.state/x' }, 'expected moescope.state/4, found moescope.state/x'],
  [{ format: 'moescope.state/9' }, 'newer Moescope'],
  [{ format: 'moescope.state/2', choices: { seed: -1 } }, 'seed']
])('%j is refused, and why is said', (stored, reason) => {
  expect(() => readVersioned(stateFormat, stored)).toThrow(reason)
})
