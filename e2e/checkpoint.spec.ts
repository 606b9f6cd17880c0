import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { moeArchitecture } from '../core/arch/presets'
import { writeConfig } from '../core/arch/write-config'
import { readSafetensors, writeSafetensors } from '../core/formats/safetensors'
import { writeWeights } from '../core/model/checkpoint'
import { initialWeights } from '../core/model/initial-weights'
import subwordFiles from '../core/tokenizers/subword-files.json' with { type: 'json' }
import { openHome } from './home-page'
import { chooserOf } from './pickers'
import { expect, test } from './profile'

const shipped = resolve('assets/models/moe-64')

test('a checkpoint in two files opens from its folder, and writes what the whole one writes', async ({ page }) => {
  const folder = await sharded('tiny-moe')
  const problems = await openHome(page)
  await openFolder(page, folder)
  await expect(page.getByText(/is open: the model tiny-moe-\w+-[0-9a-f]{8}\./)).toBeVisible()
  const texts = page.getByTestId('text-1')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
  const own = await texts.textContent()
  await page.goto('about:blank')
  await page.goto('./#view=compare&edition=2&pair=free&right=moe-64')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
  expect(await texts.textContent()).toBe(own)
  expect(problems).toEqual([])
})

test('a file of the weights that is missing is named', async ({ page }) => {
  const folder = await sharded('half')
  await rm(join(folder, 'model-00002-of-00002.safetensors'))
  await openHome(page)
  await openFolder(page, folder)
  await expect(page.getByText('cannot be opened: model-00002-of-00002.safetensors does not exist')).toBeVisible()
})

test('the files of a checkpoint that are dropped together are one model', async ({ page }) => {
  await openHome(page)
  await page.evaluate(async () => {
    const dataTransfer = new DataTransfer()
    for (const name of ['config.json', 'tokenizer.json', 'model.safetensors']) {
      const response = await fetch(`./models/moe-64/${name}`)
      dataTransfer.items.add(new File([await response.arrayBuffer()], name))
    }
    window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }))
  })
  await expect(page.getByText(/checkpoint is open: the model checkpoint-[0-9a-f]{8}\./)).toBeVisible()
  await expect(page).toHaveURL(/right=checkpoint-[0-9a-f]{8}/)
})

test('a checkpoint of other software runs and is traced: BPE, in two files of bfloat16, with experts', async ({
  page
}) => {
  const problems = await openHome(page)
  await openFolder(page, await bpeCheckpoint('story-moe'))
  await expect(page.getByText(/is open: the model story-moe-\w+-[0-9a-f]{8}\./)).toBeVisible()
  await page.getByLabel('Prompt', { exact: true }).fill('the cat said — 12 €')
  // The other model has characters, and does not know all of these.
  await expect(page.getByRole('alert')).toContainText('—')
  await page.getByLabel('Prompt', { exact: true }).fill('the cat sat ')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
  const text = page.getByTestId('text-1')
  await expect(text).toContainText('the cat sat')
  await text.locator('[data-position="1"]').hover()
  await expect(page.getByTestId('inspector')).toContainText(/layer 0: \d+ \(/)
  expect(problems).toEqual([])
})

async function openFolder(page: Page, folder: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Find a command' }).fill('checkpoint folder')
  const command = page.getByRole('option', { name: /^Open a checkpoint folder/ })
  await expect(command).toHaveAttribute('data-highlighted')
  const chooser = await chooserOf(page, () => page.keyboard.press('Enter'))
  await chooser.setFiles(folder)
}

/** A shipped model with its weights in two files and an index, as `save_pretrained` writes them. */
async function sharded(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`))
  for (const file of ['config.json', 'tokenizer.json']) await cp(join(shipped, file), join(folder, file))
  const { tensors } = readSafetensors(await readFile(join(shipped, 'model.safetensors')))
  const all = [...tensors]
  const places: Record<string, string> = {}
  for (const [i, part] of [all.slice(0, 5), all.slice(5)].entries()) {
    const file = `model-0000${i + 1}-of-00002.safetensors`
    await writeFile(join(folder, file), writeSafetensors(part))
    for (const [tensor] of part) places[tensor] = file
  }
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: places }))
  return folder
}

/** A mixtral checkpoint with a BPE tokenizer, in two files of bfloat16 and an index. */
async function bpeCheckpoint(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`))
  const [, file] = subwordFiles
  const vocabularySize = Object.keys(file?.json.model.vocab ?? {}).length
  const architecture = moeArchitecture({ width: 16, vocabularySize, experts: 4, layers: 2, context: 64 })
  const { tensors } = readSafetensors(writeWeights(architecture, initialWeights(architecture, 1)))
  const all = [...tensors].map(([tensor, { shape, data }]) => [tensor, inBfloat16(shape, data)] as const)
  const places: Record<string, string> = {}
  for (const [i, part] of [all.slice(0, 5), all.slice(5)].entries()) {
    const shard = `model-0000${i + 1}-of-00002.safetensors`
    await writeFile(join(folder, shard), writeSafetensors(part))
    for (const [tensor] of part) places[tensor] = shard
  }
  const files = {
    'model.safetensors.index.json': { weight_map: places },
    'config.json': writeConfig(architecture),
    'tokenizer.json': file?.json
  }
  for (const [each, json] of Object.entries(files)) await writeFile(join(folder, each), JSON.stringify(json))
  return folder
}

/** Of a float32 the first half. */
function inBfloat16(shape: readonly number[], data: Uint8Array) {
  const halves = Uint8Array.from({ length: data.length / 2 }, (_, i) => data[4 * (i >> 1) + 2 + (i & 1)] ?? 0)
  return { dtype: 'BF16' as const, shape, data: halves }
}
