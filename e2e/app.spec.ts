import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { openedCompare, unlimited } from './compare-page'
import { expect, test } from './hosts/test'

/** Few enough for a slow machine, and enough to tell two models apart. */
const short = { ...unlimited, tokens: '24' }

test('both models run, isolated; a saved run is opened again where it was saved', async ({ host }, testInfo) => {
  const page = await host.open({ link: short })
  const compare = await openedCompare(page)
  expect(await page.evaluate(() => [isSecureContext, crossOriginIsolated])).toEqual([true, true])
  await compare.runToEnd()
  const texts = [await compare.text(0), await compare.text(1)]
  for (const text of texts) expect(text).toMatch(/^bogo lives in \S/)
  expect(texts[0]).not.toBe(texts[1])

  const path = testInfo.outputPath('run.json')
  await host.chooseToSave(path)
  await page.getByRole('button', { name: 'Save this run' }).click()
  await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toContain('bogo lives in')
  await page.keyboard.press('n')
  await host.chooseToOpen(path)
  await page.getByRole('button', { name: 'Open a saved run' }).click()
  await expect(page.getByText(/^replay · /)).toBeVisible()
  await compare.runToEnd()
  expect([await compare.text(0), await compare.text(1)]).toEqual(texts)
  expect(host.problems()).toEqual([])
})

test('what was chosen is there again when the app was closed, and when it was killed', async ({ host }) => {
  const first = await host.open()
  await choosePrompt(first, 'n6x:')
  await host.close()
  const second = await host.open()
  await expect(promptOf(second)).toHaveValue('n6x:')
  await choosePrompt(second, 'geba lives in ')
  await host.kill()
  await expect(promptOf(await host.open())).toHaveValue('geba lives in ')
})

async function choosePrompt(page: Page, prompt: string): Promise<void> {
  await promptOf(page).fill(prompt)
  await expect(page).toHaveURL((url) => new URLSearchParams(url.hash.slice(1)).get('prompt') === prompt)
}

function promptOf(page: Page) {
  return page.getByLabel('Prompt', { exact: true })
}
