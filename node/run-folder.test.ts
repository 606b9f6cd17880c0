import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockName } from './hold'
import { holdRun, runFiles } from './run-folder'
import { temporaryFolder } from './temporary-folder.fixture'

const bytes = (text: string) => new TextEncoder().encode(text)
const leftOver = 'model.safetensors.1b4e28ba-2fa1-41d2-883f-0016d3cca427.tmp'

test('files of a run are files of its folder', async () => {
  const folder = join(await temporaryFolder(), 'my-moe-1f3a9c02')
  const files = runFiles(folder)
  expect([await files.names(), await files.read('config.json')]).toEqual([[], undefined])
  await files.write('config.json', bytes('{}'))
  await files.write('checkpoints/step-2/model.safetensors', bytes('weights'))
  expect(await files.names()).toEqual(['checkpoints/step-2/model.safetensors', 'config.json'])
  expect(await files.read('checkpoints/step-2/model.safetensors')).toEqual(bytes('weights'))
  await files.remove('config.json')
  await files.remove('config.json')
  expect(await files.names()).toEqual(['checkpoints/step-2/model.safetensors'])
  expect(await readdir(folder)).toEqual(['checkpoints'])
})

test('a hold is no file of the run, and whoever holds it removes what killed writes left', async () => {
  const folder = join(await temporaryFolder(), 'run')
  const place = join(folder, 'checkpoints', 'step-2')
  await mkdir(place, { recursive: true })
  await writeFile(join(place, leftOver), '')
  await writeFile(join(folder, leftOver), '')
  expect(await runFiles(folder).names()).toEqual([])
  const hold = await holdRun(folder)
  expect(await holdRun(folder)).toBeUndefined()
  expect(await runFiles(folder).names()).toEqual([])
  expect(await readdir(place)).toEqual([])
  expect(await readdir(folder)).not.toContain(leftOver)
  await hold?.release()
  expect(await readdir(folder)).toEqual(['checkpoints'])
})

test.each(['..', 'a/../../b', '/etc', '', 'a//b'])('%j leads out of no folder', async (name) => {
  const files = runFiles(await temporaryFolder())
  await expect(async () => files.write(name, bytes(''))).rejects.toThrow(RangeError)
})

test('files are listed, and a folder is held, while locks of other processes come and go', async () => {
  const folder = await temporaryFolder()
  const files = runFiles(folder)
  await files.write('checkpoints/step-1/config.json', new Uint8Array(1))
  const ending = new AbortController()
  const others = async (name: string) => {
    while (!ending.signal.aborted) {
      await mkdir(join(folder, `${lockName}.${name}`), { recursive: true })
      await rm(join(folder, `${lockName}.${name}`), { recursive: true, force: true })
    }
  }
  const busy = Promise.all([others('a'), others('b')])
  for (let i = 0; i < 300; i++) {
    expect(await files.names()).toEqual(['checkpoints/step-1/config.json'])
    await (await holdRun(folder))?.release()
  }
  ending.abort()
  await busy
})
