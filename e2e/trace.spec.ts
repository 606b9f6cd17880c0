import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { contrastRules, violations } from './axe'
import { chooserOf, withoutPickers } from './pickers'
import { expect, test } from './profile'
import { openRecorded } from './trace-page'

test('a model that is here is recorded and inspected, question by question, in both themes', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const { ask, problems } = await openRecorded(page)
  const look = async (name: string) => {
    for (const theme of ['dark', 'light']) {
      await page.keyboard.press('t')
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
      await page.screenshot({ path: `test-results/trace-${name}-${theme}.png` })
      expect(await violations(page, theme === 'dark' ? undefined : contrastRules), `${name}, ${theme}`).toEqual([])
    }
  }
  await expect(page.getByText(/The busiest expert takes/)).toBeVisible()
  await expect(page.getByRole('region', { name: 'Load of every expert' }).locator('canvas')).toBeVisible()
  await expect(page.getByRole('region', { name: /How sure is the router/ })).toContainText('load-balancing loss')
  await look('overview')

  // A cell leads to its expert, on all pages.
  await page.getByRole('button', { name: /Load of each expert by layer/ }).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await ask('Expert')
  await expect(page.getByText(/Expert 1 of layer 1 gets/)).toBeVisible()
  await expect(page.getByRole('region', { name: 'Its most frequent tokens' }).locator('rect').first()).toBeVisible()
  await look('expert')

  await ask('Tokens')
  await expect(page.locator('[data-token="0"]')).toBeVisible()
  await page.keyboard.press('[')
  await expect(page.getByText('by the first choice of layer 0')).toBeVisible()
  await page.getByRole('region', { name: 'Tokens with their experts' }).evaluate((box) => box.scrollTo(0, 1e6))
  await expect(page.locator('[data-token="20000"]')).toBeVisible()
  await look('tokens')

  await ask('Pairs')
  await expect(page.getByText(/Experts \d+ and \d+ share/)).toBeVisible()
  await look('pairs')
  await page.getByRole('radio', { name: 'neighbours by rank' }).click()
  await ask('Domains')
  await expect(page.getByText(/The token predicts/)).toBeVisible()
  await look('domains')
  await page.getByRole('radio', { name: 'share of assignments' }).click()
  await ask('Layers')
  await expect(page.getByText(/The busiest GPU has/)).toBeVisible()
  await page.getByRole('combobox', { name: 'GPUs', exact: true }).click()
  await page.getByRole('option', { name: '2 GPUs' }).click()
  await expect(page.getByText(/with 2 copies of busy experts/)).toBeVisible()
  // The choices of a page are there again, in a link, too.
  await expect(page).toHaveURL(({ hash }) => {
    const { pairs, domainShare, gpus } = JSON.parse(new URLSearchParams(hash.slice(1)).get('inspection') ?? '{}')
    return pairs === 'adjacent' && domainShare === 'assignments' && gpus === 2
  })
  await ask('Pairs')
  await expect(page.getByRole('radio', { name: 'neighbours by rank' })).toBeChecked()
  await ask('Two traces')
  await expect(page.getByText('Open a second trace of the same text')).toBeVisible()
  await ask('Ablation')
  await expect(page.getByRole('button', { name: 'Ablate every expert' })).toBeVisible()
  await look('ablation')
  expect(problems).toEqual([])
})

test('all charts show the part that is chosen; one is saved as its numbers, a drawing and a picture', async ({
  page
}) => {
  await withoutPickers(page)
  await openRecorded(page)
  const balance = page.getByText(/Loads vary by/)
  await expect(balance).toBeVisible()
  const whole = await balance.textContent()
  await page.getByRole('button', { name: 'brkt', exact: true }).click()
  await expect(balance).not.toHaveText(whole ?? '')
  await expect(page).toHaveURL(/inspection=/)
  await page.getByRole('button', { name: 'Show all tokens' }).click()
  await expect(balance).toHaveText(whole ?? '')

  const lines = (await saved(page, 'Numbers (CSV)')).toString('utf8').trim().split('\n')
  const facts = lines.filter((line) => line.startsWith('# '))
  expect(facts).toContain('# title: Load of every expert')
  expect(facts).toContain('# model: moe-32')
  const csv = lines.slice(facts.length)
  expect(csv[0]).toBe('layer,expert,tokens,share')
  expect(csv).toHaveLength(1 + 2 * 16)
  const shares = csv.slice(1).map((row) => Number(row.split(',')[3]))
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(2, 5)
  const svg = (await saved(page, 'Drawing (SVG)')).toString('utf8')
  expect(svg).toContain('<title>Load of every expert</title>')
  expect(svg).toContain('data:image/png;base64')
  expect(svg).toMatch(/<text[^>]*>moe-32 · top-2 of 16 experts in 2 MoE layers/)
  for (const words of ['Load of every expert', 'layer', 'expert']) expect(svg).toContain(`>${words}</text>`)
  expect(svg).toMatch(/>[\d.]+× its even share<\/text>/)
  expect(svg).toContain('fill="rgb(255, 255, 255)"')
  const png = await saved(page, 'Picture (PNG)')
  expect([...png.subarray(1, 4)].map((byte) => String.fromCharCode(byte)).join('')).toBe('PNG')
  expect(png.readUInt32BE(16)).toBe(2 * 680)
  await page.getByRole('button', { name: 'Export: Load of every expert' }).click()
  await page.getByRole('radio', { name: 'Column, 90 mm' }).click()
  await page.getByRole('radio', { name: 'transparent' }).click()
  await expect(page.getByLabel('Width in pixels')).toHaveValue('340')
  await page.keyboard.press('Escape')
  const column = (await saved(page, 'Drawing (SVG)')).toString('utf8')
  expect(column).toContain('<svg xmlns="http://www.w3.org/2000/svg" width="340"')
  expect(column).not.toContain('fill="rgb(255, 255, 255)"')
})

async function saved(page: Page, format: string): Promise<Buffer> {
  await page.getByRole('button', { name: 'Export: Load of every expert' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: format }).click()
  const content = await readFile(await (await downloading).path())
  await page.keyboard.press('Escape')
  return content
}

test('what a file does not say is asked, with its first rows; what is no trace is refused, and what was open stays', async ({
  page
}) => {
  await withoutPickers(page)
  await page.goto('./#view=trace&edition=2')
  await expect(page.getByRole('heading', { name: 'What did the router decide?' })).toBeVisible()
  await open(page, 'routed.json', sglang([3, 1, 0, 2, 1, 3, 2, 0, 1, 0, 3, 2]))
  const dialog = page.getByRole('dialog', { name: 'What is routed.json?' })
  await expect(dialog).toBeVisible()
  await dialog
    .getByLabel(/layers/)
    .first()
    .fill('2')
  await dialog
    .getByLabel(/experts of each token/)
    .first()
    .fill('2')
  await dialog.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText('3 tokens · 2 MoE layers')).toBeVisible()
  await open(page, 'notes.csv', Buffer.from('a,b\n1,2\n'))
  await expect(page.getByText(/notes\.csv cannot be opened/)).toBeVisible()
  await expect(page.getByText('3 tokens · 2 MoE layers')).toBeVisible()
})

/** A response of SGLang: raw int32, whose shape it does not tell. */
function sglang(experts: readonly number[]): Buffer {
  const routed = Buffer.from(Int32Array.from(experts).buffer).toString('base64')
  return Buffer.from(JSON.stringify({ id: 'x', choices: [{ index: 0, sgl_ext: { routed_experts: routed } }] }))
}

async function open(page: Page, name: string, buffer: Buffer): Promise<void> {
  const chooser = await chooserOf(page, () => page.keyboard.press('Control+o'))
  await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer })
}

test('one intervention is measured, then every expert is ablated', async ({ page }) => {
  const { ask, problems } = await openRecorded(page)
  await ask('Ablation')
  await page.getByRole('button', { name: 'Measure this intervention' }).click()
  const table = page.getByRole('table')
  await expect(table.getByRole('rowheader', { name: 'layer 0: without expert 0' })).toBeVisible()
  await expect(table).toContainText(/[+−]\d\.\d{3}/)
  await page.getByRole('button', { name: 'Ablate every expert again' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('button', { name: 'Measure this intervention' })).toBeEnabled()
  expect(problems).toEqual([])
})
