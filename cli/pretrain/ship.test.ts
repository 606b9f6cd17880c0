import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readSafetensors } from '@core/formats/safetensors'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'
import { shipModel, shippedCheckpoints } from './ship'

test('checkpoints are shipped in half precision and lose what they lost; the last is the model itself', async () => {
  const [work, out] = [await temporaryFolder(), await temporaryFolder()]
  const [trained, shipped] = [join(work, 'small'), join(out, 'small')]
  const spec = {
    architecture: { kind: 'moe', width: 8, layers: 1, experts: 4, context: 32 },
    corpus: { characters: 4000, validation_characters: 900, world: { names: 50, pairs: 50, keys: 50 } },
    recipe: { learning_rate: 0.01, batch: 4, characters: 4 * 32 * 6, warmup_steps: 2 }
  }
  await writeFile(join(work, 'spec.json'), JSON.stringify(spec))
  const train = ['train', join(work, 'spec.json'), '--out', trained, '--threads', '1', '--checkpoints', '2']
  expect((await runCommand(train)).status).toBe(0)

  await shipModel(trained, shipped, 6)
  expect(await readdir(shipped)).not.toContain('training.json')
  await copyFile(join(trained, 'training.json'), join(shipped, 'training.json'))
  expect(await shippedCheckpoints(out, 'small')).toEqual([
    { step: 2, folder: 'small/checkpoints/step-2' },
    { step: 4, folder: 'small/checkpoints/step-4' },
    { step: 6, folder: 'small' }
  ])
  for (const step of [2, 4]) {
    const { tensors } = readSafetensors(await readFile(join(shipped, `checkpoints/step-${step}/model.safetensors`)))
    expect(new Set([...tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(['F16']))
  }
  expect(await readFile(join(shipped, 'model.safetensors'))).toEqual(await readFile(join(trained, 'model.safetensors')))

  const lossOf = async (folder: string) => {
    const { output } = await runCommand(['eval', folder, '--tokens', '900', '--json'])
    return (JSON.parse(output) as { loss: number }).loss
  }
  const place = 'checkpoints/step-4'
  expect(await lossOf(join(shipped, place))).toBeCloseTo(await lossOf(join(trained, place)), 3)
})

test('a model without checkpoints has none to list', async () => {
  expect(await shippedCheckpoints('assets/models', 'dense-24')).toEqual([])
})
