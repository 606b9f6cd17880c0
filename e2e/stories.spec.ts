import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Locator, Page } from '@playwright/test'
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny'
import { z } from 'zod'
import stories from '../assets/stories/index.json' with { type: 'json' }
import { frameRate, storyFrames } from '../core/stories/frames'
import { writeStory } from '../core/stories/story'
import { everyKind } from '../core/stories/story.fixture'
import { contrastRules, overflow, violations } from './axe'
import { openHome } from './home-page'
import { chooserOf, withoutPickers } from './pickers'
import { expect, test } from './profile'
import { storeDocument, storedDocument } from './stored-documents'

const [first] = stories
const title = first?.title ?? ''
const count = first?.chapters ?? 0

/** The button that begins the first story, and not the one that copies it. */
function card(page: Page): Locator {
  return page.getByRole('button', { name: `${title} ${first?.answer}` })
}

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
  await card(page).press('Enter')
  const shown: Buffer[] = []
  for (let number = 1; number <= count; number++) {
    await chapterIs(page, number)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ reducedMotion: 'reduce', colorScheme })
      expect(
        await violations(page, colorScheme === 'dark' ? undefined : contrastRules),
        `chapter ${number}, ${colorScheme}`
      ).toEqual([])
      expect(await overflow(page)).toBe(0)
    }
    shown.push(await page.screenshot())
    await page.keyboard.press(number % 2 === 0 ? 'Space' : 'PageDown')
  }
  await chapterIs(page, count)
  // Opened anew, as after a crash, and on another backend, each chapter is the same to the pixel.
  for (let number = count; number >= 1; number--) {
    const backend = new Map([
      [count, 'webgpu'],
      [2, 'wasm']
    ]).get(number)
    if (backend !== undefined) {
      await expect(page).toHaveURL(new RegExp(`%22chapter%22%3A${number - 1}%2C`))
      await storeDocument(page, 'settings', { format: 'moescope.settings/1', settings: { backend } })
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
  // Nothing can compute here: live falls back to the record.
  await page.keyboard.press('l')
  await chapterIs(page, 1)
  await page.keyboard.press('Escape')
  await expect(page.getByText(/^Live did not work, and the record was shown/)).toBeVisible()
  expect(errors).toEqual([])
})

test('a talk goes live and comes back to its chapter; the speaker moves it from a second window', async ({ page }) => {
  const problems = await openHome(page)
  await card(page).click()
  await chapterIs(page, 1)
  await page.keyboard.press('l')
  await expect(page.getByRole('button', { name: 'Back to the story' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.reload()
  await chapterIs(page, 1)
  await page.keyboard.press('3')
  await page.keyboard.press('Enter')
  await chapterIs(page, 3)
  const [speaker] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('s')])
  await expect(speaker.getByRole('region', { name: 'This chapter' })).toContainText(`3 / ${count}`)
  await speaker.keyboard.press('PageDown')
  await chapterIs(page, 4)
  await expect(speaker.getByRole('region', { name: 'This chapter' })).toContainText(`4 / ${count}`)
  await expect(speaker.getByText(/early$/)).toBeVisible()
  const clock = async () => z.object({ toldSince: z.unknown() }).parse(await storedDocument(page, 'state')).toldSince
  const before = await clock()
  await speaker.getByRole('button', { name: 'Clock again (R)' }).click()
  await expect(speaker.getByText('on time')).toBeVisible()
  // A talk that is killed now goes on with the new clock.
  await expect.poll(clock).not.toEqual(before)
  expect(await violations(speaker)).toEqual([])
  await speaker.close()
  await page.keyboard.press('b')
  await expect(page.getByRole('region', { name: 'Black' })).toBeVisible()
  await page.keyboard.press('Space')
  await chapterIs(page, 4)
  await page.keyboard.press('o')
  await expect(page.getByText('Nothing computes, nothing is missing, all texts fit.')).toBeVisible()
  await page.getByRole('radio', { name: '1024 × 768' }).click()
  await expect(page.getByText('Every chapter fits it, with the fonts of this computer.')).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: 'Which story do you want to tell?' })).toBeVisible()
  await expect(card(page)).toBeFocused()
  expect(problems).toEqual([])
})

/** Has the sheet make a file, and saves it; its path. */
async function exported(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name }).click()
  const save = page.getByRole('button', { name: 'Save …' })
  await expect(save).toBeVisible()
  const [download] = await Promise.all([page.waitForEvent('download'), save.click()])
  return download.path()
}

test('the exported page is the stage of the app to the pixel, offline and with its speaker window', async ({
  page
}) => {
  await withoutPickers(page)
  const looks = { reducedMotion: 'reduce', colorScheme: 'dark' } as const
  await page.emulateMedia(looks)
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.goto('./#view=stories&edition=2')
  await card(page).click()
  await chapterIs(page, 1)
  // Of the buttons some are not there: nobody computes live, and there is no list to leave for.
  const picture = (of: Page) => of.screenshot({ mask: [of.getByRole('navigation')] })
  const walk = [
    ['Home', 1],
    ['PageDown', 2],
    ['ArrowRight', 3],
    ['End', count]
  ] as const
  const shown: Buffer[] = []
  for (const [key, number] of walk) {
    await page.keyboard.press(key)
    await chapterIs(page, number)
    shown.push(await picture(page))
  }
  await page.keyboard.press('o')
  await page.getByRole('button', { name: 'Export this story …' }).click()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ ...looks, colorScheme })
    expect(await violations(page), colorScheme).toEqual([])
  }
  await page.getByRole('button', { name: 'Video (MP4)' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('Cancelled: nothing is saved.')).toBeVisible()
  const file = test.info().outputPath('story.html')
  writeFileSync(file, readFileSync(await exported(page, 'Page (HTML)')))

  const alone = await page.context().newPage()
  const problems: string[] = []
  alone.on('console', (message) => problems.push(message.text()))
  alone.on('pageerror', (error) => problems.push(String(error)))
  await alone.emulateMedia(looks)
  await alone.setViewportSize({ width: 1280, height: 720 })
  await alone.goto(pathToFileURL(file).href)
  for (const [i, [key, number]] of walk.entries()) {
    await alone.keyboard.press(key)
    await chapterIs(alone, number)
    const message = `chapter ${number}`
    await expect.poll(async () => (await picture(alone)).equals(shown[i] ?? Buffer.of()), { message }).toBe(true)
  }
  const [speaker] = await Promise.all([alone.waitForEvent('popup'), alone.keyboard.press('s')])
  await expect(speaker.getByRole('region', { name: 'This chapter' })).toContainText(`${count} / ${count}`)
  await speaker.keyboard.press('Home')
  await chapterIs(alone, 1)
  expect(problems).toEqual([])
})

test('slides have a page for each chapter, and a video every frame', async ({ page }) => {
  await withoutPickers(page)
  const story = { ...everyKind, chapters: everyKind.chapters.map((chapter) => ({ ...chapter, minutes: 0.01 })) }
  const file = test.info().outputPath('short.moescope-story')
  writeFileSync(file, writeStory(story))
  await page.goto('./#view=stories&edition=2')
  const chooser = await chooserOf(page, () => page.getByRole('button', { name: 'Open a story …' }).click())
  await chooser.setFiles(file)
  await chapterIs(page, 1)
  await page.keyboard.press('ControlOrMeta+e')
  const slides = readFileSync(await exported(page, 'Slides (PDF)'), 'latin1')
  expect(slides).toMatch(/^%PDF-1\.7/)
  expect(slides.match(/\/Type \/Page /g)).toHaveLength(story.chapters.length)
  const video = readFileSync(await exported(page, 'Video (MP4)'))
  const track = await new Input({ formats: ALL_FORMATS, source: new BufferSource(video) }).getPrimaryVideoTrack()
  expect(track).toMatchObject({ displayWidth: 1920, displayHeight: 1080 })
  expect(await track?.computePacketStats()).toMatchObject({ packetCount: storyFrames(story) })
  expect(await track?.computeDuration()).toBeCloseTo(storyFrames(story) / frameRate, 3)
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
