import type { Page } from '@playwright/test'
import stories from '../assets/stories/index.json' with { type: 'json' }
import { overflow, violations } from './axe'
import { openHome } from './home-page'
import { expect, test } from './profile'

const [first] = stories
const title = first?.title ?? ''
const count = first?.chapters ?? 0

/** Waits for a chapter, counted from 1, and its picture. */
async function chapterIs(page: Page, number: number): Promise<void> {
  await expect(page.getByRole('progressbar', { name: 'Chapters told' })).toHaveAttribute('value', String(number))
  await expect(page.getByRole('figure').locator(':scope > *').first()).toBeVisible()
}

test('a story plays from its first to its last chapter by keyboard without the engine, and always the same', async ({
  page
}) => {
  await page.route(/\/assets\/ort/, (route) => route.abort())
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' })
  await page.setViewportSize({ width: 1280, height: 720 })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto('./#view=stories&edition=2')
  await page.getByRole('button', { name: title }).press('Enter')
  const shown: Buffer[] = []
  for (let number = 1; number <= count; number++) {
    await chapterIs(page, number)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ reducedMotion: 'reduce', colorScheme })
      expect(await violations(page), `chapter ${number}, ${colorScheme}`).toEqual([])
      expect(await overflow(page)).toBe(0)
    }
    shown.push(await page.screenshot())
    await page.keyboard.press(number % 2 === 0 ? 'Space' : 'PageDown')
  }
  await chapterIs(page, count)
  // Opened anew, as after a crash, each chapter is the same to the pixel.
  for (let number = count; number >= 1; number--) {
    if (number === count || number === 2) {
      await expect(page).toHaveURL(new RegExp(`%22chapter%22%3A${number - 1}%2C`))
      await page.reload()
      await chapterIs(page, number)
    }
    const message = `chapter ${number}`
    await expect
      .poll(async () => (await page.screenshot()).equals(shown[number - 1] ?? Buffer.of()), { message })
      .toBe(true)
    await page.keyboard.press('ArrowLeft')
    await chapterIs(page, Math.max(1, number - 1))
  }
  expect(errors).toEqual([])
})

test('a talk goes live and comes back to its chapter; the speaker moves it from a second window', async ({ page }) => {
  const problems = await openHome(page)
  await page.getByRole('button', { name: title }).click()
  await chapterIs(page, 1)
  await page.keyboard.press('l')
  await expect(page.getByRole('button', { name: 'Back to the story' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
  await page.keyboard.press('Escape')
  await chapterIs(page, 1)
  await page.keyboard.press('3')
  await page.keyboard.press('Enter')
  await chapterIs(page, 3)
  const [speaker] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('s')])
  await expect(speaker.getByRole('region', { name: 'This chapter' })).toContainText(`3 / ${count}`)
  await speaker.keyboard.press('PageDown')
  await chapterIs(page, 4)
  await expect(speaker.getByRole('region', { name: 'This chapter' })).toContainText(`4 / ${count}`)
  expect(await violations(speaker)).toEqual([])
  await speaker.close()
  await page.keyboard.press('b')
  await expect(page.getByRole('region', { name: 'Black' })).toBeVisible()
  await page.keyboard.press('Space')
  await chapterIs(page, 4)
  await page.keyboard.press('o')
  await expect(page.getByText('Nothing computes, nothing is missing, all texts fit.')).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: 'Which story do you want to tell?' })).toBeVisible()
  expect(problems).toEqual([])
})

test('a view becomes a chapter, is edited, moved and taken back, and a reload finds it all', async ({ page }) => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto('./#view=architectures&edition=2')
  await expect(page.getByRole('row').nth(3)).toBeVisible()
  await page.keyboard.press('k')
  await page.getByLabel('Its title').fill('My talk')
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Add and edit' }).click()
  const stage = page.getByRole('region', { name: 'As the stage shows it' })
  await expect(stage).toContainText('Switch-C-2048')
  await page.getByRole('button', { name: 'Add text' }).click()
  await page.getByLabel(/^Headline/).fill('Second')
  await page.getByLabel(/^Lines/).fill('One line.\n\nAnd another.')
  await expect(stage).toContainText('Second')
  const chapters = page.getByRole('navigation', { name: 'Chapters' }).getByRole('listitem')
  await chapters.nth(1).getByRole('button').press('Alt+ArrowUp')
  await expect(chapters.nth(0)).toContainText('Second')
  await page.keyboard.press('Control+z')
  await expect(page.getByText('Undone in “My talk”: order of the chapters.')).toBeVisible()
  await chapters.nth(1).dragTo(chapters.nth(0))
  await expect(chapters.nth(0)).toContainText('Second')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await violations(page)).toEqual([])
    expect(await overflow(page)).toBe(0)
  }
  await page.getByLabel('Speaker notes').fill('Begin slowly.')
  await page.reload()
  await expect(page.getByLabel('Speaker notes')).toHaveValue('Begin slowly.')
  await expect(page.getByLabel(/^Lines/)).toHaveValue('One line.\nAnd another.')
  await page.getByRole('button', { name: 'Remove …' }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).last().click()
  await expect(page.getByText('None yet.')).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(page.getByText('My talk', { exact: true })).toBeVisible()
  expect(await violations(page)).toEqual([])
  expect(errors).toEqual([])
})
