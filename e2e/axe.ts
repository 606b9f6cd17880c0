/** Checks of every screen: axe finds nothing, and it fits the window. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'

// Evaluated and not added as a script: the page's content policy refuses foreign scripts, and the test would pass
// without having looked.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Pixels by which the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    // Beneath a dialog a page that scrolls keeps room for its scrollbar, and is narrower than the window.
    return Math.max(0, scrollWidth - clientWidth)
  })
}

/** The rules whose answer another theme can change. */
export const contrastRules = ['color-contrast']

/** The violations of all rules, or of these, that axe finds, each with its element and the remedy. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  const { violations, passes } = await page.evaluate(async (rules) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    const found = await axe.run(document, rules ? { runOnly: [...rules] } : {})
    return {
      passes: found.passes.length,
      violations: found.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`)
      )
    }
  }, rules)
  expect(passes).toBeGreaterThan(rules ? 0 : 10)
  return violations
}
