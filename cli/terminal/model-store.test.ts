import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonText } from '@core/formats/json'
import { readSafetensors, writeSafetensors } from '@core/formats/safetensors'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'
import { randomWeights, smallMoe, writeModels } from '../models/command.fixture'
import { writeModelFolder } from './model-folder.fixture'

async function change(path: string, edit: (json: Record<string, unknown>) => void): Promise<void> {
  const json = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  edit(json)
  await writeFile(path, jsonText(json))
}

test.each<[string, (path: (file: string) => string) => Promise<unknown>, RegExp]>([
  [
    'a missing tensor',
    async (path) => {
      const { tensors } = readSafetensors(await readFile(path('model.safetensors')))
      tensors.delete('model.norm.weight')
      await writeFile(path('model.safetensors'), writeSafetensors(tensors))
    },
    /model\.safetensors: tensor 'model\.norm\.weight' is missing; config\.json calls for it/
  ],
  [
    'a misshaped tensor',
    (path) => change(path('config.json'), (config) => (config.intermediate_size = 999)),
    /model\.safetensors: tensor '.*w1\.weight' has shape \[24, 16\], but config\.json calls for \[999, 16\]/
  ],
  [
    "a pickle of torch's",
    async (path) => {
      await rm(path('model.safetensors'))
      await writeFile(path('pytorch_model.bin'), 'PK')
    },
    /has its weights as pytorch_model\.bin, a pickle of torch's, .*save_pretrained/
  ],
  [
    'a shard that is missing',
    async (path) => {
      await rm(path('model.safetensors'))
      const weight_map = { 'model.norm.weight': 'model-00001-of-00001.safetensors' }
      await writeFile(path('model.safetensors.index.json'), JSON.stringify({ weight_map }))
    },
    /model-00001-of-00001\.safetensors does not exist/
  ],
  ['truncated weights', (path) => truncate(path('model.safetensors'), 1000), /model\.safetensors: .*truncated/],
  ['an empty config', (path) => writeFile(path('config.json'), ''), /config\.json is not JSON: /],
  [
    'a tokenizer that is not JSON',
    (path) => writeFile(path('tokenizer.json'), '<html>'),
    /tokenizer\.json is not JSON: /
  ],
  [
    'an unsupported kind',
    (path) => change(path('config.json'), (config) => (config.model_type = 'gpt2')),
    /config\.json: model_type: expected one of llama, .*gpt_oss .*found "gpt2"/
  ],
  [
    'another vocabulary',
    (path) => change(path('config.json'), (config) => (config.vocab_size = 56)),
    /tokenizer\.json has 55 tokens, but config\.json says vocab_size 56/
  ],
  ['missing weights', (path) => rm(path('model.safetensors')), /model\.safetensors does not exist/],
  ['a missing config', (path) => rm(path('config.json')), /config\.json does not exist/],
  [
    'a damaged report',
    (path) => writeFile(path('training.json'), '{"format": "moescope.training/1"}'),
    /training\.json: corpus: .*expected object.*; and 9 more/
  ]
])('a folder with %s fails in one line that says so', async (_, damage, message) => {
  const folder = await temporaryFolder()
  await writeModelFolder(folder, smallMoe, randomWeights(smallMoe))
  await damage((file) => join(folder, file))
  const { status, output, errors } = await runCommand(['eval', folder])
  expect({ status, output }).toEqual({ status: 1, output: '' })
  expect(errors).toMatch(message)
  expect(errors).toContain(folder)
  expect(errors.trimEnd()).not.toContain('\n')
})

test('a name that is no model is wrong usage, a folder that is not there a failure', async () => {
  const modelsFolder = await temporaryFolder()
  await writeModels(modelsFolder)
  const unknown = await runCommand(['eval', 'moe-65'], { modelsFolder })
  expect(unknown.status).toBe(2)
  expect(unknown.errors).toMatch(/unknown model 'moe-65': choose one of dense-64, moe-64, dense-96, or the folder/)
  const missing = await runCommand(['eval', './moe-65'], { modelsFolder })
  expect(missing.status).toBe(1)
  expect(missing.errors).toMatch(/the model folder \.\/moe-65 does not exist/)
})

test('without shipped models it says how to get them', async () => {
  const { status, errors } = await runCommand(['eval', 'moe-64'])
  expect(status).toBe(1)
  expect(errors).toMatch(/there are no models in .*'moescope pretrain' trains them/)
})
