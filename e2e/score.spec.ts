import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { violations } from './axe'
import { openCompare, short } from './compare-page'
import { expect, test } from './profile'

test('the score: both models answer the same 400 questions, with intervals, and examples are chosen openly', async ({
  page
}) => {
  const compare = await openCompare(page, { ...short, prompt: 'kopa=' })
  await page.getByRole('button', { name: 'Measure the score' }).click()
  const panel = page.getByRole('region', { name: 'Score: right answers to the same questions' })
  await expect(panel.getByText('of 400 questions are answered right')).toBeVisible()
  await shot(page, 'score')
  // As the terminal says of the same models: `moescope compare --score dict`.
  await expect(page.getByTestId('score-dense-64')).toContainText('56 %')
  await expect(page.getByTestId('score-moe-64')).toContainText('73 %')
  await expect(panel).toContainText('+16.8 (+12.9 to +20.5) points')
  await expect(panel).toContainText('by guessing')
  await expect(page).toHaveURL(/score=dict/)

  await panel.getByRole('button', { name: 'First' }).click()
  await expect(panel).toContainText('question 1 of 400')
  await panel.getByRole('button', { name: 'Next' }).click()
  await expect(panel).toContainText('question 2 of 400')
  await panel.getByRole('button', { name: 'Random' }).click()
  await expect(panel).toContainText(/question \d+ of 400/)
  expect(compare.problems).toEqual([])
})

test('experts are switched off by click, drag and keyboard; text, loss and answers follow; one click restores', async ({
  page
}) => {
  const compare = await openCompare(page, { ...short, tokens: '40', score: 'dict' })
  await compare.runToEnd()
  await expect(page.getByText('of 400 questions are answered right')).toBeVisible()
  const before = await compare.text(1)
  const expert = (layer: number, number: number) =>
    page.getByRole('button', { name: `Layer ${layer}, expert ${number}`, exact: true })
  await expert(0, 1).click()
  await expect(expert(0, 1)).toHaveAttribute('aria-pressed', 'false')
  const off = page.getByTestId('off-moe-64')
  await expect(off).toContainText('1 of 32 experts off')
  await expect(off).toContainText('layer 0: without expert 1')
  // The ratio above is of the whole model, and says so.
  const answer = page.getByRole('region', { name: 'Answer', exact: true })
  await expect(answer).toContainText('Measured with all experts on.')
  // As the terminal says of the same model: `moescope compare --off 0:1`.
  await expect(off).toContainText('loss 1.203, +0.367 ± 0.026')
  await expect(page.getByTestId('whole-1')).toContainText(before.slice(0, 14).trim())
  await expect(page.getByText(/1 expert off − .*all experts on/)).toBeVisible()
  await expect.poll(() => compare.text(1)).not.toBe(before)
  await expect(page).toHaveURL(/expertsOff=/)
  await shot(page, 'off')
  expect(await violations(page)).toEqual([])

  await page.reload()
  await expect(off).toContainText('1 of 32 experts off')
  await off.getByRole('button', { name: 'All experts on' }).click()
  await expect(off).toHaveCount(0)
  await expect(answer).not.toContainText('Measured with')
  await expect.poll(() => compare.text(1)).toBe(before)

  // Dragged over, and undone in one step; once the score is there, whose panel grows with it, nothing moves any more.
  await expect(page.getByText('of 400 questions are answered right')).toBeVisible()
  await expert(1, 3).hover()
  await page.mouse.down()
  await expert(1, 4).hover()
  await expert(1, 5).hover()
  await page.mouse.up()
  await expect(off).toContainText('layer 1: without experts 3, 4, 5')
  await page.keyboard.press('Control+z')
  await expect(off).toHaveCount(0)

  await expert(0, 0).focus()
  await page.keyboard.press('ArrowRight')
  await expect(expert(0, 1)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(off).toContainText('layer 0: without expert 1')
  await page.getByRole('button', { name: 'Layer 0: all but top 2' }).click()
  await expect(off).toContainText('14 of 32 experts off')
  const [first = ''] = (await off.innerText()).match(/experts [\d, ]+/) ?? []
  const still = Array.from({ length: 16 }, (_, i) => i).find((i) => !first.match(/\d+/g)?.includes(String(i)))
  await expert(0, still ?? 0).click()
  await expect(page.getByText('each token needs 2 experts, so 2 of 16 stay on')).toBeVisible()
  await page.keyboard.press('x')
  await expect(off).toHaveCount(0)
})

test('the MoE of a layer is skipped as a whole; one of its experts or undo brings it back; both charts are exported as text', async ({
  page
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  const compare = await openCompare(page, { ...short, score: 'dict' })
  await compare.runToEnd()
  const before = await compare.text(1)
  const off = page.getByTestId('off-moe-64')
  await page.getByRole('button', { name: 'Layer 0: skip MoE' }).click()
  await expect(off).toContainText('16 of 32 experts off')
  await expect(off).toContainText('layer 0: MoE skipped')
  // As the terminal says: `moescope compare --off 0:all --score dict`.
  await expect(off).toContainText('loss 7.407, +6.571 ± 0.066')
  await expect(page.getByTestId('score-moe-64')).toContainText('0.0 %')
  await expect(page.getByText(/16 experts off − .*all experts on/)).toContainText('−72.5 (−76.6 to −67.8) points')
  await expect.poll(() => compare.text(1)).not.toBe(before)
  await page.getByRole('button', { name: 'Layer 0, expert 3', exact: true }).click()
  await expect(off).toHaveCount(0)
  await expect.poll(() => compare.text(1)).toBe(before)
  // In quick succession: the second change comes while the first is still written anew.
  await page.keyboard.press('Control+z')
  await expect(off).toContainText('layer 0: MoE skipped')
  await page.keyboard.press('x')
  await expect(off).toHaveCount(0)
  await expect.poll(() => compare.text(1)).toBe(before)

  for (const [title, ...texts] of [
    ['Experts of each token', '>layer 1<', '>expert<', 'MoE 579 k (moe-64), seed 7', '>l<'],
    [
      'Total, active and effective parameters',
      'parameters, logarithmic scale',
      'Dense 101 k',
      '>325 k (242 k – 544 k)<'
    ]
  ]) {
    await page.getByRole('button', { name: `Export: ${title}`, exact: true }).click()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Drawing (SVG)' }).click()
    const svg = (await readFile(await (await saved).path(), 'utf8')).replaceAll('\u00a0', ' ')
    for (const text of [`<title>${title}</title>`, ...texts]) expect(svg).toContain(text)
    expect(svg).not.toContain('<image')
    await page.keyboard.press('Escape')
  }
  expect(compare.problems).toEqual([])
})

test('one press asks in all languages; it can be stopped and resumed, and is exported with its numbers', async ({
  page
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  const compare = await openCompare(page, { ...short, left: 'dense-24', right: 'moe-32' })
  const panel = page.getByRole('region', { name: 'Score: right answers to the same questions' })
  await panel.getByRole('button', { name: 'All languages', exact: true }).click()
  await panel.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(panel.getByRole('button', { name: 'Resume', exact: true })).toBeVisible()
  await expect(panel.getByText(/\d+ of 2800 questions/)).toBeVisible()
  await panel.getByRole('button', { name: 'Resume', exact: true }).click()
  await expect(panel.getByText('of 2800 questions in 7 languages are answered right')).toBeVisible()
  for (const language of ['facts about people', 'word pairs', 'variables modulo 10']) {
    await expect(panel.getByText(language)).toBeVisible()
  }
  expect(await violations(page)).toEqual([])
  await panel.getByRole('button', { name: 'Export: Share of right answers' }).click()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Numbers (CSV)' }).click()
  const text = await readFile(await (await saved).path(), 'utf8')
  expect(text).toMatch(/# models: dense-24, moe-32\n/)
  expect(text).toContain('language,model,role,experts_off,right,answered,share,low,high,chance\n')
  expect(
    text
      .trim()
      .split('\n')
      .filter((line) => /,(dense-24|moe-32),/.test(line) && !line.startsWith('#'))
  ).toHaveLength(14)
  expect(compare.problems).toEqual([])
})

async function shot(page: Page, name: string): Promise<void> {
  if (process.env.MOESCOPE_SHOTS) {
    await page.screenshot({ path: `${process.env.MOESCOPE_SHOTS}/${name}.png`, fullPage: true })
  }
}
