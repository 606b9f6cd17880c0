import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { openedCompare, short } from './compare-page'
import { expect, test } from './hosts/test'

test('both models run, isolated; a saved run is there again as it was, with its question and its texts', async ({
  host
}, testInfo) => {
  const page = await host.open({
    link: { view: 'compare', pair: 'equal-total', left: 'dense-152', ...short, tokens: '60' }
  })
  const compare = await openedCompare(page)
  expect(await page.evaluate(() => [isSecureContext, crossOriginIsolated])).toEqual([true, true])
  await compare.runToEnd()
  const texts = [await compare.text(0), await compare.text(1)]
  for (const text of texts) expect(text).toMatch(/^lucia lives in \S/)
  expect(texts[0]).not.toBe(texts[1])

  const path = testInfo.outputPath('run.json')
  await host.chooseToSave(path)
  await page.getByRole('button', { name: 'Save this run …' }).click()
  await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toContain('lucia lives in')
  await page.keyboard.press('n')
  await host.chooseToOpen(path)
  await page.getByRole('button', { name: 'Open a file …' }).click()
  await expect(page.getByText(/^replay · /)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What do experts save at equal total parameters?')
  expect([await compare.text(0), await compare.text(1)]).toEqual(texts)
  expect(host.problems()).toEqual([])
})

test('what was chosen is there again after the app was closed, behind the front page', async ({ host }) => {
  const page = await host.open({ link: { view: 'compare' } })
  await promptOf(page).fill('n6x:')
  await expect(page).toHaveURL(/prompt=n6x/)
  await host.close()
  const again = await host.open()
  await again.getByRole('button', { name: /^Continue/ }).click()
  await expect(promptOf(again)).toHaveValue('n6x:')
})

function promptOf(page: Page) {
  return page.getByLabel('Prompt', { exact: true })
}
