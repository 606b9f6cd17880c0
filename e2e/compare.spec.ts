import type { Page } from '@playwright/test'
import { openCompare, short, unlimited } from './compare-page'
import { expect, test } from './profile'

test('the first click runs: two texts, their routing and speed; a character shows its experts and what else could have come', async ({
  page
}) => {
  const compare = await openCompare(page)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What do experts add at equal active parameters?')
  await compare.runToEnd()
  const texts = [await compare.text(0), await compare.text(1)]
  for (const text of texts) {
    expect(text).toMatch(/^lucia lives in /)
    expect(text.length).toBeGreaterThan(80)
  }
  expect(texts[0]).not.toBe(texts[1])
  for (const side of [0, 1]) await expect(page.getByTestId(`speed-${side}`)).toContainText(/\d tokens\/s/)
  // Of 32 rows of experts, four cells of each character are coloured.
  await expect.poll(() => colouredPixels(page)).toBeGreaterThan(500)

  await page.getByTestId('text-1').locator('[data-position="6"]').hover()
  const inspector = page.getByTestId('inspector')
  await expect(inspector).toContainText(/layer 0: \d+ \(\d+(\.\d)?\s%\), \d+ \(\d+(\.\d)?\s%\)/)
  await expect(inspector).toContainText(/layer 1: /)
  const candidates = inspector.getByRole('listitem').filter({ has: page.locator('code') })
  await expect(candidates).toHaveCount(12)
  await expect(page.getByText('Router probability')).toBeVisible()
  // The prompt says what came after 'lucia ' (the newline before it is position 0).
  await expect(inspector.locator('[aria-current] code').first()).toHaveText('l')

  await page.mouse.move(0, 0)
  const text = page.getByTestId('text-1')
  await text.focus()
  await page.keyboard.press('Home')
  await expect(text.locator('[aria-selected="true"]')).toHaveText('l')
  await page.keyboard.press('ArrowRight')
  await expect(text.locator('[aria-selected="true"]')).toHaveText('u')
  await expect(inspector).toContainText('after ⏎lu')
  await page.keyboard.press('Escape')
  await expect(text.locator('[aria-selected="true"]')).toHaveCount(0)
  expect(compare.problems).toEqual([])
})

test('it pauses, steps by one token, goes on, and resets; a prompt that cannot be run says why', async ({ page }) => {
  const compare = await openCompare(page, { pace: '10' })
  await expect(page.getByRole('button', { name: 'Step' })).toBeEnabled()
  await page.keyboard.press('Space')
  await expect.poll(() => tokens(page)).toBeGreaterThan(17)
  await page.keyboard.press('Space')
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible()
  await expect(page).toHaveURL(/shown=/)
  const paused = await tokens(page)
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => tokens(page)).toBe(paused + 1)
  await compare.runToEnd()
  expect(await tokens(page)).toBeGreaterThan(90)
  await page.keyboard.press('r')
  await expect.poll(() => tokens(page)).toBe(0)
  expect(await compare.text(0)).toContain('lucia lives in')

  const prompt = page.getByLabel('Prompt', { exact: true })
  const run = page.getByRole('button', { name: 'Run', exact: true })
  await expect(run).toBeEnabled()
  await prompt.fill('Zovira lives in É')
  await expect(page.getByRole('alert')).toContainText('"Z", "É"')
  await expect(run).toBeDisabled()
  await prompt.fill('')
  await expect(page.getByRole('alert')).toContainText('empty')
  await prompt.fill('a'.repeat(70))
  await expect(page.getByRole('alert')).toContainText('64')
  await prompt.fill('lucia lives in ')
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(run).toBeEnabled()
})

test('a link restores what was chosen, and the same seed writes the same text', async ({ page, context }) => {
  const link = { ...unlimited, prompt: 'geba lives in ', seed: '41', temperature: '1.1', tokens: '30', pair: 'free' }
  const compare = await openCompare(page, { ...link, left: 'moe-64', right: 'dense-64' })
  await compare.runToEnd()
  await page.getByTestId('text-0').locator('[data-position="20"]').click()
  await expect(page).toHaveURL(/shown=30/)
  await expect(page).toHaveURL(/selected=/)

  const other = await context.newPage()
  await other.goto(page.url())
  await expect(other.getByRole('button', { name: 'Run again' })).toBeVisible()
  const again = [0, 1].map((side) => other.getByTestId(`text-${side}`).innerText())
  expect(await Promise.all(again)).toEqual(
    await Promise.all([0, 1].map((side) => page.getByTestId(`text-${side}`).innerText()))
  )
  expect(await other.getByLabel('Seed').inputValue()).toBe('41')
  await expect(other.getByTestId('inspector')).toHaveText(await page.getByTestId('inspector').innerText(), {
    useInnerText: true
  })
})

test('a damaged model is named, and there is a way on', async ({ page }) => {
  await page.route('**/models/moe-64/model.safetensors', (route) => route.fulfill({ body: 'nothing' }))
  await openCompare(page)
  const failure = page.getByRole('alert')
  await expect(failure).toContainText("model 'moe-64': model.safetensors")
  await page.unroute('**/models/moe-64/model.safetensors')
  await failure.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled()
})

test('a build without models says how to make them', async ({ page }) => {
  const none = { 'index.json': JSON.stringify({ models: [] }) }
  await page.route('**/models/documents.json', (route) => route.fulfill({ json: none }))
  await page.goto('./#view=compare&edition=2')
  await expect(page.getByRole('heading', { name: 'There are no trained models here yet' })).toBeVisible()
  await expect(page.getByText('npm run pretrain')).toBeVisible()
})

test('without isolation there is one thread, and the screen says so', async ({ page }) => {
  await page.route('**/', async (route) => {
    const response = await route.fetch()
    const headers = Object.fromEntries(
      Object.entries(response.headers()).filter(([name]) => !name.startsWith('cross-origin'))
    )
    await route.fulfill({ response, headers })
  })
  const compare = await openCompare(page, short)
  await expect(page.getByRole('button', { name: 'WASM · 1 thread' })).toContainText('not isolated')
  await compare.runToEnd()
  expect(await tokens(page)).toBeGreaterThan(30)
})

/** Characters that the right model has read. */
function tokens(page: Page): Promise<number> {
  return page.getByTestId('text-1').locator('[data-position]').count()
}

/** Pixels of the routing's canvas that are neither grey nor empty. */
function colouredPixels(page: Page): Promise<number> {
  return page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
    let coloured = 0
    for (let i = 0; i < data.length; i += 4) {
      const channels = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0]
      if ((data[i + 3] ?? 0) > 40 && Math.max(...channels) - Math.min(...channels) > 30) coloured++
    }
    return coloured
  })
}
