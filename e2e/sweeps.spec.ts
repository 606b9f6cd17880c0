import { contrastRules, overflow, violations } from './axe'
import { chooserOf, withoutPickers } from './pickers'
import { expect, test } from './profile'
import { writeShippedSweep } from './shipped-sweep'

test('a sweep opens as table and pictures by keys alone, and a run of it as a model', async ({ page }) => {
  const { folder } = await writeShippedSweep()
  await withoutPickers(page)
  await page.goto('./#view=sweep&edition=2')
  const open = page.getByRole('button', { name: 'Open the folder of a sweep …' })
  await (await chooserOf(page, () => open.click())).setFiles(folder)
  await expect(page.getByTestId('answer')).toContainText('23 of 24 runs are whole; 1 not begun')
  await expect(page.getByTestId('answer')).toContainText('dense, width 96')

  const filter = page.getByRole('searchbox', { name: 'Filter of the runs' })
  await filter.fill('kind=dense width<96')
  const grid = page.getByRole('grid', { name: 'Runs of the sweep' })
  await expect(grid).toHaveAttribute('aria-rowcount', '13')
  await grid.getByRole('button', { name: 'loss', exact: true }).click()
  await expect(grid.getByRole('columnheader', { name: /^loss$|^loss ↑$/ })).toHaveAttribute('aria-sort', 'ascending')
  await grid.focus()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowUp')
  await expect(grid.getByRole('row', { selected: true })).toHaveAttribute('aria-rowindex', '12')
  await filter.fill('')

  for (const picture of ['Curves', 'Equal compute', 'Effective parameters', 'Pareto']) {
    await page.getByRole('radio', { name: picture }).click()
    expect(await overflow(page)).toBe(0)
    // The theme changes colours alone.
    expect(await violations(page, picture === 'Curves' ? undefined : contrastRules)).toEqual([])
  }
  // The README's figure, over six seeds of which one is not there here.
  await page.getByRole('radio', { name: 'Effective parameters' }).click()
  await expect(page.getByRole('row', { name: /moe, width 32/ })).toContainText(/0\.9[56]\d ± 0\.0[12]\d/)

  await filter.fill('moe seed=1')
  await grid.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/view=compare.*right=moe-32-1-[0-9a-f]{8}/)
})
