import { overflow, violations } from './axe'
import { misplaced } from './layout'
import { expect, test } from './profile'
const small = { text: 'small', characters: 20_480, width: 16, layers: 1, checkpoints: 0 }
const four = [{ ...small, kind: 'dense' }, { ...small, kind: 'moe', experts: 4 }, { ...small, kind: 'moe', experts: 4, topK: 1 }, { ...small, kind: 'dense', width: 32 }]
for (const text of [100, 200]) {
  test(`lab ${text}`, async ({ page }) => {
    test.setTimeout(280_000)
    await page.goto('./#view=lab')
    await expect(page.getByText('Architecture and length')).toBeVisible()
    for (let step = 100; step < text; step += 20) await page.keyboard.press('Control+=')
    const look = async (name: string) => {
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        for (const size of [{ width: 1280, height: 800 }, { width: 1920, height: 1080 }]) {
          await page.setViewportSize(size)
          await page.waitForTimeout(300)
          await page.screenshot({ path: `/tmp/labshots/${name}-${text}-${colorScheme}-${size.width}.png`, fullPage: true })
          expect.soft(await misplaced(page), `${name} ${size.width}`).toEqual([])
          expect.soft(await overflow(page), name).toBe(0)
        }
        expect.soft(await violations(page), name).toEqual([])
      }
    }
    await look('four-empty')
    for (const [name, runs] of [['one-ended', [four[1]]], ['four-ended', four]] as const) {
      await page.goto(`./#${new URLSearchParams({ view: 'lab', lab: JSON.stringify({ runs, edited: runs.length > 1 ? 1 : 0 }) })}`)
      await page.reload()
      await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click()
      await expect(page.getByText('Finished. The model can be compared like any other.')).toHaveCount(runs.length)
      await look(name)
    }
  })
}
