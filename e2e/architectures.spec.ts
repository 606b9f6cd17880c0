import type { Page } from '@playwright/test'
import { contrastRules, overflow, violations } from './axe'
import { expect, test } from './profile'

test('the gallery sorts by what is clicked, and filters by what is typed', async ({ page }) => {
  const problems = await openArchitectures(page)
  const names = page.getByRole('rowheader')
  await expect(names).toHaveCount(57)
  await expect(names.first()).toHaveText('Switch-C-2048')
  await expect(page.getByRole('columnheader', { name: 'Total' })).toHaveAttribute('aria-sort', 'descending')
  await page.getByRole('button', { name: 'Total' }).click()
  await expect(names.first()).toHaveText('BERT base')
  await page.getByRole('button', { name: 'Year' }).click()
  await expect(page.getByRole('columnheader', { name: 'Year' })).toHaveAttribute('aria-sort', 'descending')
  await page.getByLabel('Filter').fill('qwen moe 2025')
  await expect(names).toHaveText(['Qwen3 235B-A22B', 'Qwen3 30B-A3B', 'Qwen3-Next 80B-A3B'])
  await page.getByLabel('Filter').fill('xyzzy')
  await expect(page.getByText('No model is called that')).toBeVisible()
  expect(problems).toEqual([])
})

test('one model is counted, another shape changes every figure, and undo takes it back', async ({ page }) => {
  const problems = await openArchitectures(page)
  await page.getByRole('button', { name: 'DeepSeek-V3 and R1' }).click()
  const answer = page.getByTestId('answer')
  await expect(answer).toContainText('of the 671 B of DeepSeek-V3 and R1 sit in routed experts')
  await answer.getByText('671 B').hover()
  await expect(page.getByText('671,026,419,200 parameters in total')).toBeVisible()
  await expect(page.getByRole('img', { name: /^Parameters: .*layers 3–60 × 58/ })).toHaveCount(2)

  await page.getByLabel('Experts', { exact: true }).fill('128')
  await page.getByLabel('Experts', { exact: true }).press('Enter')
  await expect(page.getByTestId('difference')).toContainText('total −49')
  await expect(answer).toContainText('344 B')
  await page.getByLabel('Top-k').fill('129')
  await page.getByLabel('Top-k').press('Enter')
  await expect(page.getByRole('alert')).toContainText('topK: expected at most the number of experts')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(answer).toContainText('344 B')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(answer).toContainText('671 B')
  await expect(page.getByTestId('difference')).toHaveCount(0)
  expect(problems).toEqual([])
})

test('speed is predicted, and follows device and batch', async ({ page }) => {
  await openArchitectures(page, { screen: 'one', model: 'mixtral-8x7b', device: 'h100-sxm', format: 'fp8' })
  const speed = page.getByTestId('predicted-speed')
  await expect(speed).toContainText('waits for reading weights')
  const alone = await speed.innerText()
  await page.getByRole('slider', { name: 'Batch' }).focus()
  for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight')
  await expect(speed).toContainText('for each sequence')
  await expect(page.getByText('8 of 8')).toBeVisible()
  expect(await speed.innerText()).not.toBe(alone)
  await page.getByRole('combobox', { name: 'Device' }).click()
  await page.getByRole('option', { name: /^RTX 4090/ }).click()
  await expect(page.getByText('It does not fit into the memory of RTX 4090')).toBeVisible()
})

test('models stand side by side, from the gallery or from nothing', async ({ page }) => {
  await openArchitectures(page)
  await page.getByRole('checkbox', { name: 'Mixtral 8x7B side by side' }).click()
  await page.getByRole('checkbox', { name: 'Kimi K2 side by side' }).click()
  await page.getByRole('radio', { name: 'Side by side (2)' }).click()
  await expect(page.getByRole('columnheader', { name: 'Kimi K2' })).toBeVisible()
  await expect(page.getByRole('row', { name: /^Total/ })).toContainText('46.7 B')
  await page.getByRole('button', { name: 'Take Kimi K2 away' }).click()
  await page.getByRole('button', { name: 'Take Mixtral 8x7B away' }).click()
  await page.getByRole('button', { name: /^Mixtral, Llama/ }).click()
  await expect(page.getByRole('columnheader')).toHaveCount(5)
})

test('a dropped config.json opens; an unknown kind says so, and is read as best effort when asked', async ({
  page
}) => {
  const problems = await openArchitectures(page)
  const config = {
    model_type: 'mixtral',
    hidden_size: 256,
    intermediate_size: 512,
    num_hidden_layers: 4,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    num_local_experts: 8,
    num_experts_per_tok: 2,
    vocab_size: 1000
  }
  await drop(page, 'config.json', JSON.stringify(config))
  // 4 x (3 x 256^2 / 2 x 2 + 8 x 3 x 256 x 512 + 8 x 256 + 2 x 256) + 2 x 1000 x 256 + 256
  const total = 4 * (3 * 256 ** 2 + 8 * 3 * 256 * 512 + 8 * 256 + 2 * 256) + 2 * 1000 * 256 + 256
  await expect(page.getByTestId('answer')).toContainText('of config.json sit in routed experts')
  await page.getByTestId('answer').getByText(' M').first().hover()
  await expect(page.getByText(`${total.toLocaleString('en')} parameters in total`)).toBeVisible()

  await drop(page, 'new.json', JSON.stringify({ ...config, model_type: 'mixtral_next' }))
  const alert = page.getByRole('alert')
  await expect(alert).toContainText('No reader knows the model_type mixtral_next')
  await expect(alert).toContainText('mixtral')
  await alert.getByRole('button', { name: 'Read as best effort' }).click()
  await expect(page.getByTestId('answer')).toContainText('new.json (best effort)')
  await expect(page.getByRole('note')).toContainText('Best effort: read by the names of its keys')
  await expect(page).toHaveURL(/bestEffort/)

  await drop(page, 'wrong.json', JSON.stringify({ ...config, hidden_size: -1 }))
  await expect(page.getByRole('heading', { name: 'wrong.json cannot be read' })).toBeVisible()
  await expect(page.getByRole('alert')).toContainText('hidden_size')
  expect(problems).toEqual([])
})

test('laws answer each question, and say where they were fitted', async ({ page }) => {
  await page.goto('./#view=scaling&edition=2')
  const answer = page.getByTestId('answer')
  await expect(answer).toContainText('inside the region of its fit')
  await page.getByRole('slider', { name: 'Size' }).focus()
  await page.keyboard.press('End')
  await expect(answer).toContainText('outside the region of its fit')
  const answers = {
    Budget: 'for each parameter',
    Lifetime: 'reaches the same loss',
    Repeats: 'of new text',
    Experts: 'effective over dense parameters',
    'Shipped models': 'is proportional to',
    Energy: 'CO₂e'
  }
  for (const [question, words] of Object.entries(answers)) {
    await page.getByRole('radio', { name: question }).click()
    await expect(answer).toContainText(words)
  }
})

test('amounts are typed beside their sliders; outside the limits they are limited, and say so', async ({ page }) => {
  await page.goto('./#view=scaling&edition=2')
  const answer = page.getByTestId('answer')
  const size = page.getByLabel('Size, typed')
  await size.fill('70B')
  await size.press('Enter')
  await expect(answer).toContainText('of 70\u00a0B parameters')
  await page.getByLabel('Trained on, typed').fill('1.4T')
  await page.getByLabel('Trained on, typed').press('Enter')
  // Besiroglu et al. 2024, equation 4: 1.8172 + 482.01 / N^0.3478 + 2085.43 / D^0.3658, to two digits.
  const loss = 1.8172 + 482.01 / 70e9 ** 0.3478 + 2085.43 / 1.4e12 ** 0.3658
  await expect(answer).toContainText(loss.toFixed(2))
  await size.fill('1e20')
  await size.press('Enter')
  await expect(page.getByText('Limited to 10\u00a0M to 10\u00a0T parameters.')).toBeVisible()
  await expect(size).toHaveValue('10\u00a0T')
  await size.fill('many')
  await size.press('Enter')
  await expect(page.getByText('Expected an amount such as 10\u00a0T, found “many”.')).toBeVisible()
})

test('axe finds nothing in either theme, and nothing is cut off to the side, also with text of 200 %', async ({
  page
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const look = async (name: string) => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      expect(
        await violations(page, colorScheme === 'dark' ? undefined : contrastRules),
        `${name}, ${colorScheme}`
      ).toEqual([])
    }
    for (const size of ['2', '1']) {
      await page.evaluate((size) => document.documentElement.style.setProperty('--text-size', size), size)
      await expect.poll(() => overflow(page), { message: `${name}, text of ${size}00 %` }).toBe(0)
    }
  }
  await openArchitectures(page, { compared: ['mixtral-8x7b', 'kimi-k2'] })
  await look('gallery')
  for (const [screen, mark] of [
    ['One model', page.getByTestId('predicted-speed')],
    [/^Side by side/, page.getByRole('columnheader', { name: 'Kimi K2' })],
    ['Sizes', page.getByText('Total against active parameters')]
  ] as const) {
    await page.getByRole('radio', { name: screen }).click()
    await expect(mark).toBeVisible()
    await look(String(screen))
  }
  await page.keyboard.press('g')
  for (const question of ['Loss', 'Budget', 'Lifetime', 'Repeats', 'Experts', 'Shipped models', 'Energy']) {
    await page.getByRole('radio', { name: question }).click()
    await expect(page.getByTestId('answer')).toBeVisible()
    await look(question)
  }
})

/** Opens the view with these choices in its link. Returns the errors of console and page, as they come. */
async function openArchitectures(page: Page, chosen: object = {}): Promise<readonly string[]> {
  const problems: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto(
    `./#${new URLSearchParams({ view: 'architectures', edition: '2', architectures: JSON.stringify(chosen) })}`
  )
  await expect(page.getByRole('radio', { name: 'All models' })).toBeVisible()
  return problems
}

/** Drops a file on the window. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([name, content]) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([content ?? ''], name ?? ''))
      return transfer
    },
    [name, content]
  )
  await page.dispatchEvent('body', 'drop', { dataTransfer })
}
