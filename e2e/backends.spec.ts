/** Backend and threads can be chosen, and what cannot be had is not offered. */
import type { Page } from '@playwright/test'
import { openCompare, short } from './compare-page'
import { expect, test } from './profile'

test('more threads write what one writes; where the graphics card cannot be had the processor computes', async ({
  page
}) => {
  const compare = await openCompare(page, short)
  const written = async () => {
    await compare.runToEnd()
    return [await compare.text(0), await compare.text(1)]
  }
  const texts = await written()
  await choose(page, 'Threads', '2')
  await expect(engine(page)).toHaveText('WASM · 2 threads')
  expect(await written()).toEqual(texts)
  // That it computes the same is tested operator by operator: the tests' card is a slow one, in software.
  await choose(page, 'Backend', 'WebGPU')
  await expect(engine(page)).toHaveText('WebGPU · 2 threads')

  // A browser without promise integration cannot wait for the card.
  await page.route('**/worker-*.js', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: `delete WebAssembly.Suspending\n${await response.text()}` })
  })
  await page.reload()
  await expect(engine(page)).toHaveText('WASM · 2 threads')
  expect(await written()).toEqual(texts)
  await engine(page).click()
  await expect(page.getByText('offers no WebGPU, so the processor computes')).toBeVisible()
  expect(compare.problems).toEqual([])
})

/** The button of the header that says where the models are computed. */
function engine(page: Page) {
  return page.getByRole('button', { name: /· \d threads?/ })
}

async function choose(page: Page, setting: string, value: string): Promise<void> {
  await engine(page).click()
  await page.getByRole('combobox', { name: setting }).click()
  await page.getByRole('option', { name: value }).click()
  await page.keyboard.press('Escape')
}
