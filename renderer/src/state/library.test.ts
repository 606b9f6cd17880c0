import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { denseArchitecture, moeArchitecture } from '@core/arch/presets'
import { writeConfig } from '@core/arch/write-config'
import { tokenizer } from '@core/corpus'
import { expect, test } from 'vitest'
import { createMemoryHost } from '../host/memory'
import { readLibrary, readModels } from './library'

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const vocabularySize = tokenizer.size
const report = JSON.parse(readFileSync(join('assets', 'models', 'dense-64', 'training.json'), 'utf8')) as object

function hostWith(files: Record<string, unknown>) {
  return createMemoryHost(new Map(Object.entries(files).map(([path, value]) => [path, json(value)])))
}

const folders = {
  'small/config.json': writeConfig(denseArchitecture({ width: 32, vocabularySize })),
  'small/tokenizer.json': tokenizer.files()['tokenizer.json'],
  'small/training.json': report,
  'mixed/config.json': writeConfig(moeArchitecture({ width: 64, vocabularySize })),
  'mixed/tokenizer.json': tokenizer.files()['tokenizer.json'],
  'mixed/training.json': report
}

test('the facts of shipped models are read, dense ones first', async () => {
  const index = ['mixed', 'small'].map((id) => ({ id, reports: [`${id}/training.json`] }))
  const { models, damaged } = await readLibrary(hostWith({ 'index.json': { models: index }, ...folders }))
  expect(models.map(({ id, role }) => [id, role])).toEqual([
    ['small', 'dense'],
    ['mixed', 'moe']
  ])
  // Closed form of the d 64 MoE: 16 experts of 3 x 64 x 88 in each of 2 layers, of which 2 are active.
  const mixed = models[1]
  expect((mixed?.total ?? 0) - (mixed?.active.all ?? 0)).toBe(2 * 14 * 3 * 64 * 88)
  expect(damaged).toEqual([])
})

test('a damaged folder is named and does not hide the others', async () => {
  const index = ['small', 'gone'].map((id) => ({ id, reports: [`${id}/training.json`] }))
  const { models, damaged } = await readLibrary(hostWith({ 'index.json': { models: index }, ...folders }))
  expect(models.map(({ id }) => id)).toEqual(['small'])
  expect(damaged.map(({ id }) => id)).toEqual(['gone'])
  expect(damaged[0]?.reason).toContain('models/gone/config.json')
})

test('a model that is not shipped is refused by name', async () => {
  const host = hostWith({ 'index.json': { models: [] } })
  await expect(readModels(host, ['dense-152'])).rejects.toThrow("model 'dense-152' is neither shipped")
})

test('a model that was trained here is opened like any other, and is no measure for the others', async () => {
  const index = [{ id: 'small', reports: ['small/training.json'] }]
  const host = hostWith({ 'index.json': { models: index }, ...folders })
  const config = json(writeConfig(denseArchitecture({ width: 48, vocabularySize })))
  await host.models.files('my-dense').write('config.json', config)
  await host.models.files('my-dense').write('tokenizer.json', json(tokenizer.files()['tokenizer.json']))
  expect((await readLibrary(host)).models.map(({ id }) => id)).toEqual(['small'])
  await host.models.files('my-dense').write('model.safetensors', Uint8Array.of(1))
  const { models } = await readLibrary(host)
  expect(models.map(({ id, own }) => [id, own])).toEqual([
    ['small', false],
    ['my-dense', true]
  ])
  const mine = models.find(({ id }) => id === 'my-dense')
  expect(mine?.loss).toBeNull()
  expect(mine?.worth.total.effective.kind).toBe('undetermined')
  expect((await readModels(host, ['my-dense']))[0]?.files.config).toEqual(config)
})
