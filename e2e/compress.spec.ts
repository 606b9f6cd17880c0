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
  await expect(row('8').getByRole('cell').nth(1)).toContainText(/^[+−]?0\.00\d/)
  await expect(row('2').getByRole('cell').nth(1)).toContainText(/^\+[1-9]/)
  await expect(page.getByTestId('answer')).toContainText(/instead of 2\.3\d?\sMB, by round to nearest with bits \d/)

  await page.getByRole('combobox', { name: 'Model' }).click()
  await page.getByRole('option', { name: 'dense-24' }).click()
  await page.getByRole('combobox', { name: 'Transform' }).click()
  await page.getByRole('option', { name: /^magnitude/ }).click()
  await page.getByRole('button', { name: /^Measure share/ }).click()
  await expect(page.getByRole('columnheader', { name: 'random' })).toBeVisible()
  // The last value by chance is the last that is measured.
  await expect(row('0.8').getByRole('cell').nth(2)).toContainText(/^\+/)

  await page.reload()
  await expect(row('0.8').getByRole('cell').nth(2)).toContainText(/^\+/)
})

test('a transform that a model does not admit has nothing to vary', async ({ page }) => {
  const compress = JSON.stringify({ model: 'dense-24', transform: 'experts' })
  await page.goto(`/#${new URLSearchParams({ view: 'compress', edition: '2', compress })}`)
  await expect(page.getByRole('button', { name: 'Nothing to vary in dense-24' })).toBeDisabled()
})
