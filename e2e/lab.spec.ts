/** The Lab: up to four models learn side by side, and are paused, stepped and reset together or alone. */
import type { Page } from '@playwright/test'
import { violations } from './axe'
import { expect, test } from './profile'

/** Runs of ten steps in the small world. */
const small = { text: 'small', characters: 20_480, width: 16, layers: 1, checkpoints: 0 }
const four = [
  { ...small, kind: 'dense' },
  { ...small, kind: 'moe', experts: 4 },
  { ...small, kind: 'moe', experts: 4, topK: 1 },
  { ...small, kind: 'dense', width: 32 }
]

async function openLab(page: Page, runs: readonly object[]): Promise<void> {
  await page.goto(`./#${new URLSearchParams({ view: 'lab', edition: '2', lab: JSON.stringify({ runs }) })}`)
}

const finished = 'Finished. The model can be compared like any other.'

test('four models learn with one click; one chart reads all of them, and what each writes is marked', async ({
  page
}) => {
  await openLab(page, four)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Which of these models learns most?')
  await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText(finished)).toHaveCount(4)
  for (const name of ['Dense, d 16', 'Top-2 of 4, d 16', 'Top-1 of 4, d 16', 'Dense, d 32']) {
    const card = page.getByRole('region', { name, exact: true })
    // A uniform guess of 55 characters costs 4.007 nats, and a step or ten do not reach the floor.
    const loss = Number(await card.locator('strong').innerText())
    expect(loss).toBeGreaterThan(0.6)
    expect(loss).toBeLessThan(4.4)
    await expect(card.getByRole('listitem')).toHaveCount(4)
  }
  const chart = page.getByRole('region', { name: 'Training curves' })
  await chart.getByRole('button', { name: 'Go through the points with the arrow keys' }).focus()
  for (let i = 0; i < 200; i++) await page.keyboard.press('ArrowRight')
  const readings = chart.locator('g[data-export="no"] text')
  await expect(readings.filter({ hasText: /^Top-1 of 4, d 16\s+\d/ })).toHaveCount(1)
  await expect(readings).toHaveCount(1 + 2 * 4)
  await chart.getByRole('radio', { name: 'answers right' }).click()
  await chart.getByRole('radio', { name: 'FLOPs' }).click()
  await expect(page).toHaveURL(/answers/)
  await page.reload()
  // The trained models are there again, with the same chart.
  await expect(page.getByText(finished)).toHaveCount(4)
  await expect(chart.getByRole('radio', { name: 'answers right' })).toBeChecked()
  await expect(chart.getByRole('button', { name: 'Go through the points with the arrow keys' })).toBeVisible()
})

test('a model is paused and takes one step while another goes on, and what it learnt is reset', async ({ page }) => {
  await openLab(page, [
    { ...small, kind: 'dense', characters: 100_000_000 },
    { ...small, kind: 'moe', experts: 4, characters: 100_000_000 }
  ])
  await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click()
  const [dense, moe] = [
    page.getByRole('region', { name: 'Dense, d 16', exact: true }),
    page.getByRole('region', { name: 'Top-2 of 4, d 16', exact: true })
  ]
  const step = async (card: typeof dense) => Number(/step (\d+) of/.exec(await card.innerText())?.[1])
  await expect(dense.getByText(/^step \d+ of/)).toBeVisible()
  await expect(moe.getByText(/^step \d+ of/)).toBeVisible()
  await moe.getByRole('button', { name: 'Pause Top-2 of 4, d 16' }).click()
  await expect(moe.getByText(/· paused ·/)).toBeVisible()
  const [still, going] = [await step(moe), await step(dense)]
  await moe.getByRole('button', { name: 'One step of Top-2 of 4, d 16' }).click()
  await expect(moe.getByText(`step ${still + 1} of`, { exact: false })).toBeVisible()
  await expect.poll(() => step(dense)).toBeGreaterThan(going)
  expect(await step(moe)).toBe(still + 1)
  await page.getByRole('main').getByRole('button', { name: 'Reset', exact: true }).click()
  await expect(page.getByRole('main').getByText('Nothing is trained yet.')).toHaveCount(2)
})

test('a run is kept equal to another one, and what cannot be is said at its field', async ({ page }) => {
  await openLab(page, four.slice(0, 2))
  const form = page.getByRole('region', { name: 'Architecture and length' })
  await form.getByRole('combobox', { name: 'Kept equal in' }).click()
  await page.getByRole('option', { name: 'total parameters' }).click()
  const total = async (name: RegExp) => {
    const written = await page.getByRole('region', { name }).locator('dd').first().innerText()
    return Number(/[\d.]+/.exec(written)?.[0])
  }
  const [dense, moe] = [/^Dense, d 16/, /^Top-2 of \d, d 16/]
  const equal = await total(moe)
  // One hidden unit more or less is 48 parameters.
  await expect.poll(async () => Math.abs((await total(dense)) / equal - 1)).toBeLessThan(0.01)
  await page.getByRole('button', { name: 'Top-2 of 4, d 16', exact: true }).click()
  await form.getByRole('textbox', { name: 'Experts' }).fill('8')
  await form.getByRole('textbox', { name: 'Experts' }).press('Enter')
  await expect.poll(() => total(moe)).toBeGreaterThan(1.2 * equal)
  const more = await total(moe)
  await expect.poll(async () => Math.abs((await total(dense)) / more - 1)).toBeLessThan(0.01)
  await form.getByRole('textbox', { name: 'Heads' }).fill('3')
  await form.getByRole('textbox', { name: 'Heads' }).press('Enter')
  await expect(form.getByRole('alert')).toHaveText('3 heads of even size need a multiple of 6; 16 is none.')
  await expect(page.getByRole('main').getByRole('button', { name: 'Train', exact: true })).toBeDisabled()
})

test('a text of your own is pasted, learnt, and there again after a reload', async ({ page }) => {
  await openLab(page, [{ ...small, kind: 'dense', text: 'own' }])
  const form = page.getByRole('region', { name: 'Architecture and length' })
  const train = page.getByRole('main').getByRole('button', { name: 'Train', exact: true })
  await expect(form.getByRole('alert')).toHaveText('no text is opened yet: open or paste one.')
  await expect(train).toBeDisabled()
  await form.getByRole('button', { name: 'Paste a text …' }).click()
  const sheet = page.getByRole('dialog', { name: 'A text of your own' })
  await sheet.getByRole('textbox', { name: 'Text to learn' }).fill('One paragraph alone.')
  await sheet.getByRole('button', { name: 'Use this text' }).click()
  await expect(sheet.getByRole('alert')).toContainText('is one document')
  const paragraphs = Array.from({ length: 40 }, (_, i) => `Paragraph ${i} of my notes,\nwhich I like!`)
  await sheet.getByRole('textbox', { name: 'Text to learn' }).fill(paragraphs.join('\n\n'))
  await sheet.getByRole('button', { name: 'Use this text' }).click()
  await expect(form.getByText('40 documents,')).toBeVisible()
  await expect(form.getByText('40 are left out')).toContainText('! (40)')
  expect(await violations(page)).toEqual([])
  await train.click()
  await expect(page.getByText(finished)).toHaveCount(1)
  await page.reload()
  await expect(page.getByText(finished)).toHaveCount(1)
  await expect(form.getByText('40 documents,')).toBeVisible()
  // Another seed reads the same text, which is still kept.
  await form.getByRole('textbox', { name: 'Seed' }).fill('2')
  await form.getByRole('textbox', { name: 'Seed' }).press('Enter')
  await expect(page.getByText('Nothing is trained yet.')).toBeVisible()
  await train.click()
  await expect(page.getByText(finished)).toHaveCount(1)
})

test('a part of the chart is drawn over and seen larger; its documents are those of one domain', async ({ page }) => {
  await openLab(page, four.slice(0, 2))
  await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText(finished)).toHaveCount(2)
  const chart = page.getByRole('region', { name: 'Training curves' })
  const surface = chart.getByRole('button', { name: 'Go through the points with the arrow keys' })
  await surface.focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight')
  for (let i = 0; i < 8; i++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Enter')
  await expect(chart.getByRole('button', { name: 'Show all', exact: true })).toBeVisible()
  await expect(page).toHaveURL(/zoom/)
  await chart.getByRole('button', { name: 'Show all', exact: true }).click()
  await expect(chart.getByRole('button', { name: 'Show all', exact: true })).toHaveCount(0)
  await chart.getByRole('combobox', { name: 'Documents' }).click()
  await page.getByRole('option', { name: 'fact', exact: true }).click()
  await expect(chart.getByRole('combobox', { name: 'Documents' })).toHaveText('fact')
})

test('a trained model is renamed, saved as files, and trained on', async ({ page }) => {
  await openLab(page, four.slice(1, 2))
  await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText(finished)).toHaveCount(1)
  const own = page.getByRole('region', { name: 'Trained here' })
  await own.getByText('Name and files').click()
  await own.getByRole('button', { name: 'Rename', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('My first MoE')
  await expect(dialog.getByText('It will be called my-first-moe.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Rename', exact: true }).click()
  await expect(own.getByText('my-first-moe', { exact: true })).toBeVisible()
  await own.getByText('Name and files').click()
  await expect(own.getByRole('button', { name: 'Save as ONNX', exact: true })).toBeVisible()
  await own.getByRole('button', { name: 'Train on', exact: true }).click()
  await expect(page.getByText(/^Begins with the weights of my-first-moe/)).toBeVisible()
  await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText(finished)).toHaveCount(1)
  await expect(own.getByRole('listitem')).toHaveCount(2)
})

test('a student waits for its teacher, and a pruned model for the one that it is made of', async ({ page }) => {
  await openLab(page, [
    { ...small, kind: 'dense' },
    { ...small, kind: 'dense', width: 32 },
    { ...small, kind: 'dense', seed: 2 }
  ])
  const form = page.getByRole('region', { name: 'Architecture and length' })
  const choose = async (field: string, option: string) => {
    await form.getByRole('combobox', { name: field, exact: true }).click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }
  await page.getByRole('button', { name: 'Dense, d 16, seed 2', exact: true }).click()
  await choose('Begins with', 'Dense, d 16 of the Lab: trained first')
  await choose('Pruned before', 'by magnitude')
  const pruned = page.getByRole('region', { name: 'Dense, d 16, magnitude 50\u00a0%, trained on', exact: true })
  await expect(pruned.getByText('Begins with the weights of Dense, d 16, which is trained first.')).toBeVisible()
  await page.getByRole('button', { name: 'Dense, d 16', exact: true }).click()
  await choose('Teacher', 'Dense, d 32 of the Lab: trained first')
  const student = page.getByRole('region', { name: 'Dense, d 16, taught by Dense, d 32', exact: true })
  await expect(student.getByText('Taught by Dense, d 32.')).toBeVisible()
  await form.getByRole('textbox', { name: 'Teacher, % of the loss' }).fill('70')
  await form.getByRole('textbox', { name: 'Teacher, % of the loss' }).press('Enter')
  await expect(page).toHaveURL(/0\.7/)
  expect(await violations(page)).toEqual([])
  await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText(finished)).toHaveCount(3)
  await page.reload()
  // The runs and their models are found again by what they begin with and follow.
  await expect(page.getByText(finished)).toHaveCount(3)
  await expect(student.locator('strong')).toBeVisible()
})
