import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../node/temporary-folder.fixture'
import { createFolders, type Folders } from './folders'
import { createTurns } from './turns'

async function emptyModels(): Promise<{ path: string; models: Folders }> {
  const path = join(await temporaryFolder(), 'models')
  return { path, models: createFolders('model', () => ({ path, chosen: false }), createTurns()) }
}

test('a model is listed with its files, read and removed', async () => {
  const { path, models } = await emptyModels()
  expect(await models.ids()).toEqual([])
  await models.write('b-1', 'model.safetensors', Uint8Array.of(1, 2, 255))
  await models.write('b-1', 'config.json', Uint8Array.of(123, 125))
  await models.write('a', 'run.safetensors', Uint8Array.of(9))
  expect(await models.ids()).toEqual(['a', 'b-1'])
  expect(await models.names('a')).toEqual(['run.safetensors'])
  expect(await models.names('b-1')).toEqual(['config.json', 'model.safetensors'])
  expect(await models.names('c')).toEqual([])
  const bytes = await models.read('b-1', 'model.safetensors')
  expect(bytes && [...bytes]).toEqual([1, 2, 255])
  // A buffer of its own: one of Node's pool would be sent to the page with all its neighbours.
  expect(bytes?.buffer.byteLength).toBe(3)
  expect(await models.read('b-1', 'tokenizer.json')).toBeNull()
  await models.removeFile('b-1', 'model.safetensors')
  await models.removeFile('b-1', 'model.safetensors')
  expect(await readdir(join(path, 'b-1'))).toEqual(['config.json'])
  await models.remove('b-1')
  await models.remove('b-1')
  expect(await readdir(path)).toEqual(['a'])
})

test('folders that are no models are not listed', async () => {
  const { path, models } = await emptyModels()
  for (const name of ['Upper', '.git', 'empty', 'a b']) await mkdir(join(path, name), { recursive: true })
  await writeFile(join(path, 'Upper', 'config.json'), '{}')
  await writeFile(join(path, 'file'), '')
  expect(await models.ids()).toEqual([])
})

test('a folder that holds more than a model is not removed', async () => {
  const { path, models } = await emptyModels()
  await models.write('a', 'config.json', Uint8Array.of(1))
  await writeFile(join(path, 'a', 'thesis.tex'), 'years of work')
  await expect(models.remove('a')).rejects.toThrow(/^model 'a': cannot be removed: .*a also holds thesis\.tex/)
  expect(await readdir(join(path, 'a'))).toEqual(['config.json', 'thesis.tex'])
})

test('files lie in folders of their own, and none of another form is listed or removed', async () => {
  const { path, models } = await emptyModels()
  await models.write('a', 'checkpoints/step-61/model.safetensors', Uint8Array.of(7))
  await models.write('a', 'lab-run.json', Uint8Array.of(1))
  expect(await models.names('a')).toEqual(['checkpoints/step-61/model.safetensors', 'lab-run.json'])
  expect(await models.read('a', 'checkpoints/step-61/model.safetensors')).toEqual(Uint8Array.of(7))
  await writeFile(join(path, 'a', 'checkpoints', 'notes.md'), 'mine')
  expect(await models.names('a')).toHaveLength(2)
  await expect(models.remove('a')).rejects.toThrow('also holds checkpoints/notes.md')
})

test('a write that was asked for before the removal does not bring the model back', async () => {
  const { models } = await emptyModels()
  const writes = [1, 2, 3].map((n) => models.write('a', 'model.safetensors', new Uint8Array(1_000_000).fill(n)))
  await Promise.all([...writes, models.remove('a')])
  expect(await models.ids()).toEqual([])
})

test('what was killed while it was written or removed is swept', async () => {
  const { path, models } = await emptyModels()
  await models.write('a', 'config.json', Uint8Array.of(1))
  await writeFile(join(path, 'a', 'config.json.1b4e28ba-2fa1-41d2-883f-0016d3cca427.tmp'), '')
  await mkdir(join(path, 'a', 'checkpoints'))
  await writeFile(join(path, 'a', 'checkpoints', 'x.json.1b4e28ba-2fa1-41d2-883f-0016d3cca427.tmp'), '')
  await mkdir(join(path, '.moescope-removed-1'))
  await writeFile(join(path, '.moescope-removed-1', 'config.json'), '')
  await mkdir(join(path, '.other'))
  await models.sweep()
  expect(await readdir(path)).toEqual(['.other', 'a'])
  expect(await readdir(join(path, 'a'), { recursive: true })).toEqual(['checkpoints', 'config.json'])
})

test('a chosen folder that is not there is no empty one', async () => {
  const path = join(await temporaryFolder(), 'unplugged')
  const models = createFolders('model', () => ({ path, chosen: true }), createTurns())
  await expect(models.ids()).rejects.toThrow(/cannot list the models in .*unplugged: ENOENT.*choose another folder/)
})
