import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readModelIndex } from '@core/formats/model-index'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'

test('the list of what is there names finished runs alone, by model and by study', async () => {
  const [out, work] = [await temporaryFolder(), await temporaryFolder()]
  const list = async (...options: string[]) => {
    const { status } = await runCommand(['pretrain', '--jobs', '0', '--out', out, '--work', work, ...options])
    expect(status).toBe(0)
    return readModelIndex(await readFile(join(out, 'index.json')))
  }
  expect(await list()).toEqual({ models: [], studies: [] })
  const report = join('dense-64', 'training.json')
  await mkdir(join(out, 'dense-64'))
  await cp(join('assets/models', report), join(out, report))
  const model = { id: 'dense-64', reports: ['dense-64/training.json'], checkpoints: [] }
  expect(await list()).toEqual({ models: [model], studies: [] })
  // A training on another edition does not count.
  expect(await list('--edition', '1')).toEqual({ models: [], studies: [] })
})

test('a name that no run has', async () => {
  const { status, errors } = await runCommand(['pretrain', '--only', 'moe-65', '--out', await temporaryFolder()])
  expect([status, errors]).toEqual([
    2,
    expect.stringContaining("no model of the family and no study is called 'moe-65'")
  ])
})
