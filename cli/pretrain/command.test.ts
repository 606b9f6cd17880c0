import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readModelIndex } from '@core/formats/model-index'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'
import { tinySweep } from '../sweep/sweep.fixture'

/** A sweep of trainings that take a moment: a model of two seeds, and a run of a study. */
async function setUp() {
  const folder = await temporaryFolder()
  const { base } = tinySweep(2, [])
  const training = (name: string, seed: number, checkpoints?: unknown) => ({
    ...base,
    name,
    recipe: { ...base.recipe, seed },
    ...(checkpoints ? { checkpoints } : {})
  })
  const list = [training('small', 1, { count: 2 }), training('small', 2), training('studies/iso-flop/tiny', 3)]
  const file = join(folder, 'family.json')
  const [out, work] = [join(folder, 'models'), join(folder, 'work')]
  await writeFile(file, JSON.stringify({ kind: 'train', list }))
  const options = ['--out', out, '--work', work]
  return { folder, file, out, work, pretrain: (sweep = file) => runCommand(['pretrain', '--sweep', sweep, ...options]) }
}

test('the runs of a sweep are shipped by their names, and named in the list of what is there', async () => {
  const { out, work, pretrain } = await setUp()
  expect(await pretrain()).toMatchObject({ status: 0, errors: '' })
  expect(readModelIndex(await readFile(join(out, 'index.json')))).toEqual({
    models: [
      {
        id: 'small',
        reports: ['small/training.json', 'small/seeds/2.json'],
        checkpoints: [
          { step: 1, folder: 'small/checkpoints/step-1' },
          { step: 2, folder: 'small' }
        ]
      }
    ],
    studies: [{ id: 'iso-flop', reports: ['studies/iso-flop/tiny.json'] }]
  })
  const weights = join(out, 'small', 'model.safetensors')
  const ids = await readdir(join(work, 'runs'))
  const trained = await Promise.all(ids.map((id) => readFile(join(work, 'runs', id, 'model.safetensors'), 'base64')))
  expect(trained).toContain(await readFile(weights, 'base64'))

  // Shipped models are left as they are, and missing ones put there again, without a training.
  const { mtimeMs } = await stat(weights)
  await rm(join(out, 'small', 'seeds', '2.json'))
  expect((await pretrain()).status).toBe(0)
  expect((await stat(weights)).mtimeMs).toBe(mtimeMs)
  expect(await readdir(join(out, 'small', 'seeds'))).toEqual(['2.json'])
})

test('what does not say where it is shipped', async () => {
  const { folder, file, pretrain } = await setUp()
  await writeFile(file, JSON.stringify(tinySweep(0, [1])))
  const { status, errors } = await pretrain()
  expect([status, errors]).toEqual([1, expect.stringMatching(/^moescope: .*\n$/)])
  expect((await pretrain(join(folder, 'none.yaml'))).errors).toMatch(/none\.yaml does not exist/)
})
