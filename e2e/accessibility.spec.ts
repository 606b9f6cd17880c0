import { contrastRules, overflow, violations } from './axe'
import { openCompare, unlimited } from './compare-page'
import { expect, test } from './profile'

const overlays = { palette: 'Control+k', settings: 'Control+,', help: '?' }

const sizes = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 800 }
]

test('axe finds nothing in either theme, and nothing is cut off to the side in either size', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const look = async (name: string) => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      for (const size of sizes) {
        await page.setViewportSize(size)
        await expect.poll(() => overflow(page), { message: name }).toBe(0)
      }
      expect(
        await violations(page, colorScheme === 'dark' ? undefined : contrastRules),
        `${name}, ${colorScheme}`
      ).toEqual([])
    }
  }
  const compare = await openCompare(page, unlimited)
  await compare.runToEnd()
  await page.getByTestId('text-1').locator('[data-position="20"]').click()
  await look('compare')
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('h')
  await expect(page.getByRole('button', { name: 'See the two models write' })).toBeVisible()
  await look('home')
  await page.keyboard.press('m')
  await expect(page.getByRole('main').getByRole('button', { name: 'Train', exact: true })).toBeEnabled()
  await look('lab')
  await page.keyboard.press('z')
  await expect(page.getByRole('button', { name: /^Measure bits/ })).toBeVisible()
  await look('compress')
  for (const [name, keys] of Object.entries(overlays)) {
    await page.keyboard.press(keys)
    await expect(page.getByRole('dialog')).toBeVisible()
    await look(name)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
  expect(compare.problems).toEqual([])
})

test('the keyboard reaches every control; with text of 200 %, and in a window of half the size, nothing is cut off', async ({
  page
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openCompare(page)
  await expect(page.getByRole('button', { name: 'Step' })).toBeEnabled()
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
  for (let i = 0; i < 5; i++) await page.keyboard.press('Control+=')
  await expect(page.locator('html')).toHaveCSS('font-size', '28px')
  const shown = {
    c: page.getByRole('button', { name: 'Step' }),
    h: page.getByRole('button', { name: 'See the two models write' }),
    m: page.getByRole('main').getByRole('button', { name: 'Train', exact: true })
  }
  for (const [key, mark] of Object.entries(shown)) {
    await page.keyboard.press(key)
    await expect(mark).toBeVisible()
    await expect.poll(() => overflow(page), { message: key }).toBe(0)
    expect(await violations(page), key).toEqual([])
  }
  await page.keyboard.press('Control+,')
  await expect(page.getByRole('dialog')).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+0')
  await openCompare(page, { pair: 'free', left: 'dense-128', right: 'dense-128' })
  await expect(page.getByText('total, active and effective').first()).toBeVisible()
  await expect.poll(() => overflow(page)).toBe(0)
  await page.setViewportSize({ width: 640, height: 400 })
  await expect.poll(() => overflow(page)).toBe(0)
})
