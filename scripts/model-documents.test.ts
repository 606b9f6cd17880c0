import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { modelDocuments } from './model-documents'

const folder = join('assets', 'models')

test('the small files of every shipped model say what they say in its folder', () => {
  const documents = modelDocuments(folder)
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
  for (const { id, reports } of index.models) {
    for (const path of [`${id}/config.json`, `${id}/tokenizer.json`, ...reports]) {
      const written = JSON.parse(readFileSync(join(folder, path), 'utf8'))
      const curve = written.curve?.map(({ answers: _answers, ...point }: { answers?: unknown }) => point)
      const read = path.includes('/seeds/') ? { training_loss: [], curve: [], assignments: [] } : curve && { curve }
      expect(JSON.parse(documents[path] ?? '')).toEqual({ ...written, ...read })
    }
  }
  expect(Object.keys(documents).some((path) => path.includes('safetensors'))).toBe(false)
  const folders = readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory())
  expect(folders.map(({ name }) => name).filter((name) => name !== 'studies')).toHaveLength(index.models.length)
})

test('what no page reads is left out; what is damaged stays as it is', async () => {
  const models = await mkdtemp(join(tmpdir(), 'models-'))
  const write = async (path: string, text: string) => {
    await mkdir(join(models, dirname(path)), { recursive: true })
    await writeFile(join(models, path), text)
  }
  const point = { step: 1, loss: 2, answers: { memory: { right: 3 } } }
  await write('a/training.json', JSON.stringify({ curve: [point], result: point }, null, 1))
  await write('a/seeds/2.json', JSON.stringify({ training_loss: [[1, 3]], curve: [point], result: point }))
  await write('a/config.json', '{ "model_type": ')
  await write('a/checkpoints/step-1/config.json', '{}')
  await write('studies/iso-flop/1.json', '{}')
  expect(modelDocuments(models)).toEqual({
    'a/config.json': '{ "model_type": ',
    'a/seeds/2.json': JSON.stringify({ training_loss: [], curve: [], result: point, assignments: [] }),
    'a/training.json': JSON.stringify({ curve: [{ step: 1, loss: 2 }], result: point })
  })
  await rm(models, { recursive: true })
})
