import { expect, type Page, test } from '@playwright/test'
import { violations } from './axe'
import { openCompare, unlimited } from './compare-page'

const overlays = { palette: 'Control+k', settings: 'Control+,', help: '?' }

for (const colorScheme of ['light', 'dark'] as const) {
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 1920, height: 1080 }
  ]) {
    test(`axe finds nothing, ${colorScheme}, ${viewport.width} x ${viewport.height}`, async ({ browser, baseURL }) => {
      test.setTimeout(120_000)
      const context = await browser.newContext({
        colorScheme,
        viewport,
        reducedMotion: 'reduce',
        baseURL: baseURL ?? ''
      })
      const page = await context.newPage()
      const look = async (name: string) => {
        await page.screenshot({ path: `test-results/${name}-${colorScheme}-${viewport.width}.png` })
        expect(await violations(page), name).toEqual([])
      }
      const compare = await openCompare(page, unlimited)
      await compare.runToEnd()
      await page.getByTestId('text-1').locator('[data-position="20"]').click()
      await look('compare')
      await page.getByRole('heading', { level: 1 }).click()
      await page.keyboard.press('Home')
      await expect(page.getByRole('button', { name: 'See the two models write' })).toBeVisible()
      await look('home')
      await page.keyboard.press('m')
      await expect(page.getByRole('button', { name: 'Begin training' })).toBeEnabled()
      await look('train')
      for (const [name, keys] of Object.entries(overlays)) {
        await page.keyboard.press(keys)
        await expect(page.getByRole('dialog')).toBeVisible()
        await look(name)
        await page.keyboard.press('Escape')
        await expect(page.getByRole('dialog')).toHaveCount(0)
      }
      expect(compare.problems).toEqual([])
      await context.close()
    })
  }
}

test('with text of 200 % nothing is cut off to the side, and axe finds nothing', async ({ page }) => {
  test.setTimeout(120_000)
  await openCompare(page)
  for (let i = 0; i < 5; i++) await page.keyboard.press('Control+=')
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('28px')
  for (const key of ['c', 'i', 'Home', 'm']) {
    await page.keyboard.press(key)
    expect(await overflow(page), key).toBe(0)
    await page.screenshot({ path: `test-results/large-text-${key}.png` })
    expect(await violations(page), key).toEqual([])
  }
  await page.keyboard.press('Control+,')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.screenshot({ path: 'test-results/large-text-settings.png' })
  expect(await violations(page)).toEqual([])
})

test('in a window of half the size nothing is cut off to the side', async ({ page }) => {
  await page.setViewportSize({ width: 640, height: 400 })
  await openCompare(page)
  expect(await overflow(page)).toBe(0)
})

test('a pair of the largest models fits at 1280', async ({ page }) => {
  await openCompare(page, { pair: 'free', left: 'dense-128', right: 'dense-128' })
  await expect(page.getByText('costs, is worth and weighs the same').first()).toBeVisible()
  expect(await overflow(page)).toBe(0)
})

test('the keyboard reaches every control', async ({ page }) => {
  await openCompare(page)
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled({ timeout: 20_000 })
  const reached = new Set<string>()
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    reached.add(
      await page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? ''
      )
    )
  }
  for (const name of [
    'Text of the left model',
    'Text of the right model',
    'Step',
    'Left model',
    'Pace',
    'example: facts about people'
  ]) {
    expect(reached).toContain(name)
  }
  expect([...reached].some((each) => each.includes('Run'))).toBe(true)
})

/** How much wider the page is than the window, in pixels. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
