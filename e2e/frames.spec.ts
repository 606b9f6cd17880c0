import { openCompare, unlimited } from './compare-page'
import { expect, test } from './profile'

/** In the page: what happened to the characters of the two texts. */
interface Drawn {
  readonly added: number
  readonly removed: number
}

// npm run bench:frames measures the frames: here other programs would be measured, too.
test('a text that grows draws what is new: no character is drawn twice', async ({ page }) => {
  const { runToEnd } = await openCompare(page, { ...unlimited, tokens: '300' })
  await page.evaluate(() => {
    const drawn = { added: 0, removed: 0 }
    Object.assign(window, { drawn })
    const characters = (nodes: NodeList) =>
      [...nodes]
        .filter((node) => node instanceof Element)
        .flatMap((node) => [node, ...node.querySelectorAll('*')])
        .filter((node) => node.hasAttribute('data-position')).length
    const observer = new MutationObserver((changes) => {
      for (const { addedNodes, removedNodes } of changes) {
        drawn.added += characters(addedNodes)
        drawn.removed += characters(removedNodes)
      }
    })
    for (const text of document.querySelectorAll('[data-testid^="text-"]')) {
      observer.observe(text, { childList: true, subtree: true })
    }
  })
  await runToEnd()
  const shown = await page.locator('[data-testid^="text-"] [data-position]').count()
  expect(shown).toBeGreaterThan(600)
  const drawn = await page.evaluate(() => (window as unknown as { drawn: Drawn }).drawn)
  expect(drawn).toEqual({ added: shown, removed: 0 })
})
