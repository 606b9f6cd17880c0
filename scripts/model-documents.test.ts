import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { modelDocuments } from './model-documents'

const folder = join('assets', 'models')

test('every small file of every shipped model is there, as it is', () => {
  const documents = modelDocuments(folder)
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
  for (const { id, reports } of index.models) {
    for (const path of [`${id}/config.json`, `${id}/tokenizer.json`, ...reports]) {
      expect(documents[path]).toBe(readFileSync(join(folder, path), 'utf8'))
    }
  }
  expect(Object.keys(documents).some((path) => path.includes('safetensors'))).toBe(false)
  expect(index.models).toHaveLength(
    readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory()).length
  )
})
