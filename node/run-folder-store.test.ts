import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRunFolderStore } from './run-folder-store'
import { temporaryFolder } from './temporary-folder.fixture'

const bytes = (text: string) => new TextEncoder().encode(text)
const leftOver = 'model.safetensors.1b4e28ba-2fa1-41d2-883f-0016d3cca427.tmp'

test('files of a run are files of its folder, and its removal leaves nothing', async () => {
  const folder = await temporaryFolder()
  const store = createRunFolderStore(join(folder, 'runs'))
  expect(await store.ids()).toEqual([])
  const files = store.files('my-moe-1f3a9c02')
  expect([await files.names(), await files.read('config.json')]).toEqual([[], undefined])
  await files.write('config.json', bytes('{}'))
  await files.write('checkpoints/step-2/model.safetensors', bytes('weights'))
  expect(await files.names()).toEqual(['checkpoints/step-2/model.safetensors', 'config.json'])
  expect(await files.read('checkpoints/step-2/model.safetensors')).toEqual(bytes('weights'))
  expect(await store.ids()).toEqual(['my-moe-1f3a9c02'])
  await files.remove('config.json')
  await files.remove('config.json')
  expect(await files.names()).toEqual(['checkpoints/step-2/model.safetensors'])
  await store.remove('my-moe-1f3a9c02')
  await store.remove('my-moe-1f3a9c02')
  expect(await readdir(join(folder, 'runs'))).toEqual([])
})

test('a hold is no file of the run, and whoever holds it removes what killed writes left', async () => {
  const folder = await temporaryFolder()
  const store = createRunFolderStore(folder)
  const place = join(folder, 'run', 'checkpoints', 'step-2')
  await mkdir(place, { recursive: true })
  await writeFile(join(place, leftOver), '')
  await writeFile(join(folder, 'run', leftOver), '')
  expect(await store.files('run').names()).toEqual([])
  const hold = await store.hold('run')
  expect(await store.hold('run')).toBeUndefined()
  expect(await store.files('run').names()).toEqual([])
  expect(await readdir(place)).toEqual([])
  expect(await readdir(join(folder, 'run'))).not.toContain(leftOver)
  await hold?.release()
  expect(await readdir(join(folder, 'run'))).toEqual(['checkpoints'])
  await (await store.hold('asked-for'))?.release()
  expect(await store.ids()).toEqual(['run'])
})

test.each(['..', 'a/../../b', '/etc', '', 'a//b'])('%j leads out of no folder', async (name) => {
  const store = createRunFolderStore(await temporaryFolder())
  await expect(async () => store.files('run').write(name, bytes(''))).rejects.toThrow(RangeError)
})
