import type { Page } from '@playwright/test'
import { openCompare, unlimited } from './compare-page'
import { openHome } from './home-page'
import { layoutFaults } from './layout'
import { expect, test } from './profile'
import { openRecorded } from './trace-page'

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 }
]

const questions = ['Overview', 'Tokens', 'Expert', 'Layers', 'Pairs', 'Domains', 'Ablation', 'Two traces']

/** The Lab with one model, small enough to be trained here. */
const oneModel = {
  view: 'lab',
  lab: JSON.stringify({
    runs: [{ kind: 'moe', text: 'small', characters: 20_480, width: 16, layers: 1, experts: 4, checkpoints: 0 }]
  })
}
const ended = 'Finished. The model can be compared like any other.'

/** Looks at what is open in both sizes, and says what is wrong with each. Themes differ by their colours only. */
async function look(page: Page, name: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size)
    await expect.poll(() => layoutFaults(page), { message: `${name}, ${size.width} pixels` }).toEqual([])
  }
}

/** Goes to what a link names; it is the same page, which keeps what it has computed. */
async function follow(page: Page, choices: Record<string, string>): Promise<void> {
  await page.goto(`./#${new URLSearchParams({ edition: '2', ...choices })}`)
}

// One page for both sizes of text, so that what the views show is computed once.
test('with text of 100 and of 200 % no text lies over other text or is cut, in any view', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openHome(page)
  const compare = await openCompare(page, unlimited)
  await compare.runToEnd()
  await follow(page, oneModel)
  await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText(ended)).toBeVisible()
  await follow(page, { view: 'trace' })
  await expect(page.getByText('Load of every expert of the shipped models')).toBeVisible()
  await look(page, 'routing without a trace')
  const { ask } = await openRecorded(page)
  for (const text of [100, 200]) {
    for (let step = 100; step < text; step += 20) await page.keyboard.press('Control+=')
    for (const question of questions) {
      await ask(question)
      await expect(page.getByRole('button', { name: question, exact: true })).toHaveAttribute('aria-current', 'page')
      await look(page, `${text} %, routing, ${question}`)
    }
    await follow(page, { view: 'home' })
    await expect(page.getByRole('button', { name: 'See the two models write' })).toBeVisible()
    await look(page, `${text} %, home`)
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Compare' }).click()
    await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
    await look(page, `${text} %, compare`)
    await follow(page, { view: 'lab' })
    await expect(page.getByText('Architecture and length')).toBeVisible()
    await look(page, `${text} %, lab, four models`)
    await follow(page, oneModel)
    await expect(page.getByText(ended)).toBeVisible()
    await look(page, `${text} %, lab, one model that has learnt`)
    for (const screen of ['gallery', 'one', 'compare', 'sizes']) {
      await follow(page, { view: 'architectures', architectures: JSON.stringify({ screen }) })
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await look(page, `${text} %, architectures, ${screen}`)
    }
    for (const question of ['law', 'budget', 'lifetime', 'repeats', 'experts', 'family', 'cost']) {
      await follow(page, { view: 'scaling', scaling: JSON.stringify({ question }) })
      await expect(page.getByTestId('answer')).toBeVisible()
      await look(page, `${text} %, scaling, ${question}`)
    }
    await follow(page, { view: 'compress' })
    await expect(page.getByRole('button', { name: /^Measure bits/ })).toBeVisible()
    await look(page, `${text} %, compress`)
    await follow(page, { view: 'trace' })
  }
})
