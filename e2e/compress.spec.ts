import { expect, test } from './profile'

test('a sweep gives a point for every value, beside what chance does, and is there again', async ({ page }) => {
  await page.goto('/#view=compress&edition=2')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How small can the same model be?')
  // Before anything is measured the shipped models are the measure.
  await expect(page.getByRole('img', { name: /^Loss against the bytes of the weights/ })).toBeVisible()

  await page.getByRole('button', { name: 'Measure bits 8, 4, 3, 2' }).click()
  const row = (value: string) =>
    page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: value, exact: true }) })
  await expect(row('2')).toContainText('%')
  // Eight bits cost next to nothing, two destroy the model: true of any trained one.
  await expect(row('8').getByRole('cell').nth(2)).toContainText(/^[+−]?0\.00\d/)
  await expect(row('2').getByRole('cell').nth(2)).toContainText(/^\+[1-9]/)
  await expect(page.getByTestId('answer')).toContainText(/instead of 2\.3\d?\sMB, by round to nearest with bits \d/)

  await page.getByRole('combobox', { name: 'Model' }).click()
  await page.getByRole('option', { name: 'dense-24' }).click()
  await page.getByRole('combobox', { name: 'Transform' }).click()
  await page.getByRole('option', { name: /^magnitude/ }).click()
  await page.getByRole('button', { name: /^Measure share/ }).click()
  await expect(page.getByRole('columnheader', { name: 'random' })).toBeVisible()
  // The last value by chance is the last that is measured.
  await expect(row('0.8').getByRole('cell').nth(3)).toContainText(/^\+/)

  await page.reload()
  await expect(row('0.8').getByRole('cell').nth(3)).toContainText(/^\+/)
})

test('a point is kept as a model, which is compared with the one that it was made of', async ({ page }) => {
  const compress = JSON.stringify({ model: 'dense-24', transform: 'rtn' })
  await page.goto(`/#${new URLSearchParams({ view: 'compress', compress })}`)
  await page.getByRole('button', { name: 'Measure bits 8, 4, 3, 2' }).click()
  await page.getByRole('button', { name: 'Keep bits 4 as a model' }).click()
  const kept = page.getByRole('region', { name: 'Smaller models that are kept' })
  await expect(kept.getByRole('definition').filter({ hasText: 'rtn:bits=4' })).toBeVisible()
  await expect(kept).toContainText('16,384 characters of training text')
  await kept.getByRole('button', { name: 'Compare' }).click()
  const right = page.getByRole('article', { name: 'Right model' })
  await expect(right).toContainText('made of dense-24 by rtn:bits=4,block=32')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByTestId('text-1').getByRole('option').nth(40)).toBeVisible()
  await expect(right).toContainText('above the floor')
})

test('transforms in sequence: one of them is varied, and undo takes them back', async ({ page }) => {
  const compress = JSON.stringify({ model: 'dense-24', transform: 'rtn' })
  await page.goto(`/#${new URLSearchParams({ view: 'compress', compress })}`)
  await page.getByRole('button', { name: 'Add a transform' }).click()
  await expect(page.getByRole('combobox', { name: 'Transform 1' })).toHaveText('magnitude pruning')
  await page.getByRole('textbox', { name: 'share' }).fill('0.2')
  await page.getByRole('textbox', { name: 'share' }).press('Enter')
  await page.getByRole('button', { name: 'Measure bits 8, 4, 3, 2' }).click()
  const results = page.getByRole('region', {
    name: /^magnitude pruning, share 0.2, then round to nearest: loss increase/
  })
  const row = results.getByRole('row').filter({ has: page.getByRole('rowheader', { name: '2', exact: true }) })
  await expect(row.getByRole('cell').nth(2)).toContainText(/^\+[1-9]/)
  await page.getByRole('button', { name: 'Vary share' }).click()
  await expect(page.getByRole('button', { name: /^Measure share 0.1/ })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('button', { name: 'Take transform 1 out of the chain' }).click()
  await expect(page.getByRole('combobox', { name: 'Transform', exact: true })).toHaveText('round to nearest')
})

test('each page has its question: parts and texts are measured, and a link leads there again', async ({ page }) => {
  const compress = JSON.stringify({ model: 'dense-24', transform: 'rtn', page: 'parts', settings: { bits: 2 } })
  await page.goto(`/#${new URLSearchParams({ view: 'compress', compress })}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Which layers and experts stand it least?')
  await page.getByRole('button', { name: 'Measure part by part' }).click()
  const parts = page.getByRole('region', {
    name: 'dense-24: loss increase where one part is changed by round to nearest, bits 2'
  })
  await expect(parts.getByRole('rowheader')).toHaveText(['0', '1'])
  await page.getByRole('radio', { name: 'Similar parts' }).click()
  await page.getByRole('button', { name: 'Measure similarity' }).click()
  await expect(
    page.getByText(/^Layer \d changes the direction of its input least: block influence 0\.\d/)
  ).toBeVisible()
  await page.getByRole('radio', { name: 'Text', exact: true }).click()
  await expect(page.getByText('Measure a sweep first')).toBeVisible()
})

test('a transform that a model does not admit has nothing to vary', async ({ page }) => {
  const compress = JSON.stringify({ model: 'dense-24', transform: 'experts' })
  await page.goto(`/#${new URLSearchParams({ view: 'compress', edition: '2', compress })}`)
  await expect(page.getByRole('button', { name: 'Nothing to vary in dense-24' })).toBeDisabled()
})
