import type { Page } from '@playwright/test'
import { overflow } from './axe'
import { openCompare, unlimited } from './compare-page'
import { misplaced } from './layout'
import { expect, test } from './profile'
import { openRecorded } from './trace-page'

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 }
]

/** Looks at what is open in both themes and both sizes, and says what is wrong with each. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const size of sizes) {
      await page.setViewportSize(size)
      const message = `${name}, ${colorScheme}, ${size.width} pixels`
      await expect.poll(() => misplaced(page), { message }).toEqual([])
      await expect.poll(() => overflow(page), { message }).toBe(0)
    }
  }
}

for (const text of [100, 200]) {
  test(`with text of ${text} % no text lies over other text or is cut, in any view`, async ({ page }) => {
    await page.goto('./')
    await expect(page.getByRole('button', { name: 'See the two models write' })).toBeVisible()
    for (let step = 100; step < text; step += 20) await page.keyboard.press('Control+=')
    await look(page, 'home')
    const compare = await openCompare(page, unlimited)
    await compare.runToEnd()
    await look(page, 'compare')
    await page.goto('./#view=lab')
    await expect(page.getByText('Architecture and length')).toBeVisible()
    await look(page, 'lab, four models')
    const runs = [{ kind: 'moe', text: 'small', characters: 20_480, width: 16, layers: 1, experts: 4, checkpoints: 0 }]
    await page.goto(`./#${new URLSearchParams({ view: 'lab', lab: JSON.stringify({ runs }) })}`)
    await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click()
    await expect(page.getByText('Finished. The model can be compared like any other.')).toBeVisible()
    await look(page, 'lab, one model that has learnt')
    for (const screen of ['gallery', 'one', 'compare', 'sizes']) {
      await page.goto(`./#${new URLSearchParams({ view: 'architectures', architectures: JSON.stringify({ screen }) })}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await look(page, `architectures, ${screen}`)
    }
    for (const question of ['law', 'budget', 'lifetime', 'repeats', 'experts', 'family', 'cost']) {
      await page.goto(`./#${new URLSearchParams({ view: 'scaling', scaling: JSON.stringify({ question }) })}`)
      await expect(page.getByTestId('answer')).toBeVisible()
      await look(page, `scaling, ${question}`)
    }
    await page.goto('./#view=trace')
    await expect(page.getByText('Load of every expert of the shipped models')).toBeVisible()
    await look(page, 'routing')
    const { ask } = await openRecorded(page)
    for (const question of ['Overview', 'Tokens', 'Expert', 'Layers', 'Pairs', 'Domains', 'Ablation', 'Two traces']) {
      await ask(question)
      await expect(page.getByRole('button', { name: question, exact: true })).toHaveAttribute('aria-current', 'page')
      await look(page, `routing, ${question}`)
    }
  })
}
